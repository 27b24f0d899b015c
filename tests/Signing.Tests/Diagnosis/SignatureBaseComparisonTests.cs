namespace Signing.Tests.Diagnosis;

public sealed class SignatureBaseComparisonTests
{
    private const string Parameters = "\"@signature-params\": (\"@method\" \"@authority\");created=1763754000;keyid=\"k\";nonce=\"n\"";

    public static TheoryData<string, string, string, MismatchCause> Causes => new()
    {
        { "@authority", "api.example.com", "10.0.0.5", MismatchCause.AuthorityRewritten },
        { "@authority", "api.example.com", "backend:8080", MismatchCause.AuthorityRewritten },
        { "@authority", "api.example.com.", "api.example.com", MismatchCause.AuthorityRewritten },
        { "@authority", "api.example.com:8443", "api.example.com", MismatchCause.PortDropped },
        { "@authority", "[::1]:8443", "[::1]", MismatchCause.PortDropped },
        { "@authority", "api.example.com", "api.example.com:8080", MismatchCause.PortChanged },
        { "@authority", "api.example.com", "api.example.com:443", MismatchCause.PortChanged },
        { "@authority", "API.example.com", "api.example.com", MismatchCause.NotNormalized },
        { "@authority", "api.example.com:443", "api.example.com", MismatchCause.NotNormalized },
        { "@scheme", "https", "http", MismatchCause.SchemeRewritten },
        { "@scheme", "HTTPS", "https", MismatchCause.NotNormalized },
        { "@path", "/v1/orders", "/orders", MismatchCause.PathPrefixStripped },
        { "@path", "/v1", "/", MismatchCause.PathPrefixStripped },
        { "@path", "/orders", "/v1/orders", MismatchCause.PathPrefixAdded },
        { "@path", "/a%20b", "/a b", MismatchCause.PathDecoded },
        { "@path", "/a%252Fb", "/a%2Fb", MismatchCause.PathDecoded },
        { "@path", "/files/a%2fb%20c", "/files/a%2Fb%20c", MismatchCause.PathReencoded },
        { "@path", "/it's%20me", "/it%27s%20me", MismatchCause.PathReencoded },
        { "@path", "/a%20b", "/a%2520b", MismatchCause.PathReencoded },
        { "@path", "/a/../b/./c", "/b/c", MismatchCause.DotSegmentsRemoved },
        { "@path", "/a/%2E%2e/b/..", "/", MismatchCause.DotSegmentsRemoved },
        { "@path", "/a//b", "/a/b", MismatchCause.SlashesMerged },
        { "@path", "/a", "/a/", MismatchCause.PathRewritten },
        { "@path", "/Orders", "/orders", MismatchCause.PathRewritten },
        { "@path", "/orders", "/index.php", MismatchCause.PathRewritten },
        { "@path", "", "/", MismatchCause.NotNormalized },
        { "@query", "?b=2&a=1", "?a=1&b=2", MismatchCause.QueryReordered },
        { "@query", "?q=a%20b", "?q=a+b", MismatchCause.QueryReencoded },
        { "@query", "?q=a+b", "?q=a%2Bb", MismatchCause.QueryReencoded },
        { "@query", "?q=%7e", "?q=~", MismatchCause.QueryReencoded },
        { "@query", "?a=1", "?", MismatchCause.QueryDropped },
        { "@query", "?a=1&utm=2", "?a=1", MismatchCause.QueryDropped },
        { "@query", "?a=1&a=1", "?a=1", MismatchCause.QueryDropped },
        { "@query", "?", "?a=1", MismatchCause.QueryAdded },
        { "@query", "?a=1", "?a=1&b=2", MismatchCause.QueryAdded },
        { "@query", "?a=1&b=2", "?a=1&b=3", MismatchCause.QueryChanged },
        { "@query", "", "?", MismatchCause.NotNormalized },
        { "@query", "a=1", "?a=1", MismatchCause.NotNormalized },
        { "@query-param\";name=\"a", "a%20b", "a+b", MismatchCause.QueryChanged },
        { "@query-param\";name=\"a", "%7E", "~", MismatchCause.QueryReencoded },
        { "@method", "POST", "GET", MismatchCause.MethodChanged },
        { "@method", "HEAD", "GET", MismatchCause.MethodChanged },
        { "@method", "post", "POST", MismatchCause.MethodChanged },
        { "@method", "PATCH", "POST", MismatchCause.MethodChanged },
        { "@status", "200", "502", MismatchCause.StatusChanged },
        { "x-tenant", "acme", "other", MismatchCause.FieldChanged },
        { "accept-encoding", "gzip, br", "gzip", MismatchCause.FieldLinesJoined },
        { "accept-encoding", "br", "gzip", MismatchCause.FieldChanged },
        { "content-type", "application/json", "application/json; charset=utf-8", MismatchCause.FieldChanged },
        { "x-list", "a, b", "a,b", MismatchCause.FieldLinesJoined },
        { "x-list", "a,b", "a, b", MismatchCause.FieldLinesJoined },
        { "x-list", "a, b", "b, a", MismatchCause.FieldLinesJoined },
        { "x-list", "a, b", "a", MismatchCause.FieldLinesJoined },
        { "cookie", "a=1; b=2", "a=1, b=2", MismatchCause.FieldLinesJoined },
        { "cache-control", "no-cache,max-age=1", "no-cache, max-age=1", MismatchCause.FieldRewrittenByClient },
        { "accept", "a/b;q=0.10 ,c/d", "a/b; q=0.10, c/d", MismatchCause.FieldRewrittenByClient },
        { "date", "Sat, 21 Nov 2026 19:00:00 +0000", "Sat, 21 Nov 2026 19:00:00 GMT", MismatchCause.FieldRewrittenByClient },
        { "content-encoding", "gzip", "identity", MismatchCause.ContentCompressed },
        { "content-digest", "sha-256=:AAAA:", "sha-512=:BBBB:", MismatchCause.DigestOfAnotherAlgorithm },
        { "content-digest", "sha-256=:AAAA:", "sha-256=:BBBB:", MismatchCause.ContentChanged },
        { "@target-uri", "https://api.example.com/a", "http://api.example.com/a", MismatchCause.SchemeRewritten },
        { "@target-uri", "https://api.example.com/a?b=1", "https://api.example.com/a", MismatchCause.QueryDropped },
        { "@request-target", "/v1/a?b=1", "/a?b=1", MismatchCause.PathPrefixStripped },
        { "@request-target", "/a", "https://api.example.com/a", MismatchCause.PathRewritten },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void The_component_and_its_cause_are_named(string name, string signed, string seen, MismatchCause cause)
    {
        var component = $"\"{name}\"";

        var difference = Assert.Single(SignatureBaseComparison.Compare(Base(component, signed), Base(component, seen)));

        Assert.Equal((component, cause), (difference.Component, difference.Cause));
        Assert.StartsWith(component + " was signed as ", difference.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", difference.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', difference.Sentence);
    }

    [Theory]
    [MemberData(nameof(Causes))]
    public void Equal_bases_have_no_difference(string name, string signed, string seen, MismatchCause cause)
    {
        Assert.NotEqual(MismatchCause.Unknown, cause);
        Assert.Empty(SignatureBaseComparison.Compare(Base($"\"{name}\"", signed), Base($"\"{name}\"", signed)));
        Assert.Empty(SignatureBaseComparison.Compare(Base($"\"{name}\"", seen), Base($"\"{name}\"", seen)));
    }

    [Fact]
    public void Two_differences_are_both_named_in_the_order_of_the_signed_base()
    {
        var signed = $"\"@method\": GET\n\"@path\": /v1/a\n\"@query\": ?b=1&a=2\n{Parameters}";
        var seen = $"\"@method\": GET\n\"@query\": ?a=2&b=1\n\"@path\": /a\n{Parameters}";

        var differences = SignatureBaseComparison.Compare(signed, seen);

        Assert.Equal([("\"@path\"", MismatchCause.PathPrefixStripped), ("\"@query\"", MismatchCause.QueryReordered)], differences.Select(one => (one.Component, one.Cause)));
    }

    [Theory]
    [InlineData("/v1/a%20b", "/a b", MismatchCause.PathPrefixStripped, MismatchCause.PathDecoded)]
    [InlineData("/v1/x/../a", "/a", MismatchCause.PathPrefixStripped, MismatchCause.DotSegmentsRemoved)]
    [InlineData("/a%2fb/../c%20d", "/c d", MismatchCause.DotSegmentsRemoved, MismatchCause.PathDecoded)]
    [InlineData("/v1/a%2fb%20c", "/a%2Fb%20c", MismatchCause.PathPrefixStripped, MismatchCause.PathReencoded)]
    public void A_path_that_was_altered_twice_is_named_twice(string signed, string seen, MismatchCause first, MismatchCause second)
    {
        var differences = SignatureBaseComparison.Compare(Base("\"@path\"", signed), Base("\"@path\"", seen));

        Assert.Equal([first, second], differences.Select(one => one.Cause));
    }

    [Fact]
    public void A_query_that_was_sorted_and_encoded_anew_is_named_twice()
    {
        var differences = SignatureBaseComparison.Compare(Base("\"@query\"", "?b=a%20b&a=1"), Base("\"@query\"", "?a=1&b=a+b"));

        Assert.Equal([MismatchCause.QueryReencoded, MismatchCause.QueryReordered], differences.Select(one => one.Cause));
    }

    [Fact]
    public void Every_part_of_a_target_that_differs_is_named()
    {
        var differences = SignatureBaseComparison.Compare(Base("\"@target-uri\"", "https://api.example.com/v1/a?x=1"), Base("\"@target-uri\"", "http://backend:8080/a"));

        Assert.Equal(
            [MismatchCause.SchemeRewritten, MismatchCause.AuthorityRewritten, MismatchCause.PathPrefixStripped, MismatchCause.QueryDropped], differences.Select(one => one.Cause));
    }

    [Theory]
    [InlineData("(\"@method\");created=1;keyid=\"k\"", "(\"@method\");keyid=\"k\";created=1", MismatchCause.ParametersChanged, "order")]
    [InlineData("(\"@method\");created=1;keyid=\"k\"", "(\"@method\");created=1;  keyid=\"k\"", MismatchCause.ParametersChanged, "spaces")]
    [InlineData("(\"@method\");created=1;keyid=\"k\"", "(\"@method\" \"x\");created=1;keyid=\"k\"", MismatchCause.ParametersChanged, "different components")]
    [InlineData("(\"x\" \"@method\");created=1;keyid=\"k\"", "(\"@method\" \"x\");created=1;keyid=\"k\"", MismatchCause.ParametersChanged, "order")]
    [InlineData("(\"@method\");created=1;keyid=\"k\";x=1", "(\"@method\");created=1;keyid=\"k\"", MismatchCause.ParametersChanged, "x differ")]
    [InlineData("(\"@method\");created=1;keyid=\"k\";nonce=\"a\"", "(\"@method\");created=1;keyid=\"k\";nonce=\"b\"", MismatchCause.OtherSignature, "nonce")]
    [InlineData("(\"@method\");created=1;keyid=\"k\"", "nonsense", MismatchCause.ParametersChanged, "not a list")]
    public void What_differs_in_the_parameters_is_said(string signed, string seen, MismatchCause cause, string said)
    {
        var difference = Assert.Single(SignatureBaseComparison.Compare($"\"@method\": GET\n\"@signature-params\": {signed}", $"\"@method\": GET\n\"@signature-params\": {seen}"));

        Assert.Equal(("\"@signature-params\"", cause), (difference.Component, difference.Cause));
        Assert.Contains(said, difference.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_component_on_one_side_alone_is_named()
    {
        var signed = $"\"x-a\": 1\n\"x-b\": 2\n{Parameters}";
        var seen = $"\"x-b\": 2\n\"x-c\": 3\n{Parameters}";

        var differences = SignatureBaseComparison.Compare(signed, seen);

        Assert.Equal(
            [("\"x-a\"", "1", null, MismatchCause.ComponentMissing), ("\"x-c\"", null, "3", MismatchCause.ComponentAdded)],
            differences.Select(one => (one.Component, one.Signed, one.Seen, one.Cause)));
    }

    [Theory]
    [InlineData("authorization", "Bearer canary-of-a-token", "Bearer canarY-of-a-token")]
    [InlineData("cookie", "id=canary-1", "id=canary-2")]
    [InlineData("x-api-key", "canary-1", "canary-2")]
    [InlineData("x-tenant-token", "canary-1", "canary-2")]
    [InlineData("signature\";key=\"sig", ":canary1=:", ":canary2=:")]
    public void A_covered_token_is_shown_by_its_length_alone(string name, string signed, string seen)
    {
        var difference = Assert.Single(SignatureBaseComparison.Compare(Base($"\"{name}\"", signed), Base($"\"{name}\"", seen)));

        var shown = $"{difference.Sentence}{difference.Signed}{difference.Seen}{difference}";
        Assert.DoesNotContain("canar", shown, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"({signed.Length} characters, differ from the ", difference.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(6 characters, not shown)", 0)]
    [InlineData("(7 characters, not shown)", 1)]
    [InlineData("(x characters, not shown)", 1)]
    public void A_value_that_the_server_does_not_show_differs_by_its_length(string seen, int differences)
    {
        Assert.Equal(differences, SignatureBaseComparison.Compare(Base("\"cookie\"", "canary"), Base("\"cookie\"", seen)).Count);
    }

    [Fact]
    public void The_place_where_tokens_begin_to_differ_is_an_ordinal()
    {
        var difference = Assert.Single(SignatureBaseComparison.Compare(Base("\"authorization\"", "Bearer abcdefXh"), Base("\"authorization\"", "Bearer abcdefYhi")));

        Assert.Equal("(15 characters, differ from the 14th on)", difference.Signed);
        Assert.Equal("(16 characters, differ from the 14th on)", difference.Seen);
    }

    [Fact]
    public void What_another_party_wrote_reaches_no_terminal_as_it_is()
    {
        Assert.Throws<FormatException>(() => SignatureBaseComparison.Compare(Base("\"x\"", "a"), Base("\"x\"", "\e[31mred")));

        var difference = Assert.Single(SignatureBaseComparison.Compare(Base("\"x\"", "a"), Base("\"x\"", "caf\u00e9\u202e")));

        Assert.Contains(@"caf\u00e9\u202e", difference.Sentence, StringComparison.Ordinal);
        Assert.False(difference.Sentence.AsSpan().ContainsAnyExceptInRange(' ', '~'));
    }

    [Fact]
    public void A_component_with_thousands_of_parameters_costs_no_more_than_its_length()
    {
        var many = $"\"@signature-params\": (\"x\"{string.Concat(Enumerable.Repeat(";a", 20_000))});created=1";
        Assert.Single(SignatureBaseComparison.Compare(many, many + ";b"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        SignatureBaseComparison.Compare(many, many + ";b");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 200L * many.Length);
    }

    [Fact]
    public void A_long_value_is_shown_around_the_place_where_it_differs()
    {
        var value = new string('a', 5000);

        var difference = Assert.Single(SignatureBaseComparison.Compare(Base("\"x\"", value + "1"), Base("\"x\"", value + "2")));

        Assert.InRange(difference.Sentence.Length, 100, 500);
        Assert.Contains("a1 and seen as ...", difference.Sentence, StringComparison.Ordinal);
        Assert.Equal(5001, difference.Seen!.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /orders HTTP/1.1")]
    [InlineData("\"@method\": GET")]
    [InlineData("\"@method\" GET\n\"@signature-params\": ()")]
    [InlineData("\"@method\": GET\n\"@method\": GET\n\"@signature-params\": ()")]
    [InlineData("\"@signature-params\": ()\n\"@method\": GET")]
    [InlineData("\"@method\": GET\n\n\"@signature-params\": ()")]
    [InlineData("\"@method\": GET\n\"@signature-params\": ()\n\"@signature-params\": ()")]
    public void A_text_that_is_no_signature_base_is_refused(string text)
    {
        var signed = Assert.Throws<FormatException>(() => SignatureBaseComparison.Compare(text, Base("\"x\"", "")));
        var seen = Assert.Throws<FormatException>(() => SignatureBaseComparison.Compare(Base("\"x\"", ""), text));

        Assert.Contains("signed text", signed.Message, StringComparison.Ordinal);
        Assert.Contains("seen text", seen.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_ends_of_an_editor_are_forgiven()
    {
        var text = Base("\"x\"", "1");

        Assert.Empty(SignatureBaseComparison.Compare(text, text.ReplaceLineEndings("\r\n") + "\r\n"));
    }

    [Fact]
    public void A_field_that_lost_its_only_space_is_an_empty_value()
    {
        Assert.Empty(SignatureBaseComparison.Compare($"\"x\": \n{Parameters}", $"\"x\":\n{Parameters}"));
    }

    private static string Base(string component, string value) => $"{component}: {value}\n{Parameters}";
}
