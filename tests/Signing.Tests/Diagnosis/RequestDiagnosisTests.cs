namespace Signing.Tests.Diagnosis;

public sealed class RequestDiagnosisTests
{
    public static TheoryData<string> Names => [.. MismatchCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_bases_name_the_component_and_the_cause_or_are_equal(string name)
    {
        var one = MismatchCases.All.Single(one => one.Name == name);
        var sent = one.Sign();

        var differences = SignatureBaseComparison.Compare(MismatchCase.BaseOf(sent), MismatchCase.BaseOf(one.Receive(sent)));

        Assert.Equal(one.IsInBases ? [(one.Component, one.Cause)] : [], differences.Select(difference => (difference.Component, difference.Cause)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_captured_request_and_its_key_name_the_component_and_the_cause(string name)
    {
        var one = MismatchCases.All.Single(one => one.Name == name);
        var sent = one.Sign();
        var signedBase = one.IsFoundByKey ? null : MismatchCase.BaseOf(sent);

        var diagnosis = Diagnose(one, one.Receive(sent), signedBase);

        Assert.Equal([(one.Component, one.Cause)], diagnosis.Differences.Select(difference => (difference.Component, difference.Cause)));
        Assert.NotEqual(SignatureStatus.Verified, diagnosis.Status);
        Assert.DoesNotContain(one.GivenSecret.Trim()[^12..], diagnosis.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(one.SignersSecret.Trim()[^12..], diagnosis.Sentence.Replace(MismatchCase.KeyId, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_nothing_went_wrong_nothing_is_named(string name)
    {
        var one = MismatchCases.All.Single(one => one.Name == name) with { Way = static message => message, SignersSecret = MismatchCases.Secret, GivenSecret = MismatchCases.Secret, ClockOffset = default };
        if (one.Cause == MismatchCause.DigestOfAnotherAlgorithm)
        {
            one = one with { Sent = new CapturedMessage().WithContent("text/plain", one.Sent.Content) };
        }

        var diagnosis = Diagnose(one, one.Sign());

        Assert.Empty(diagnosis.Differences);
        Assert.Equal(SignatureStatus.Verified, diagnosis.Status);
        Assert.Equal("The request verifies: signature, coverage, times and content are in order.", diagnosis.Sentence);
    }

    [Fact]
    public void Two_differences_at_once_are_both_found_by_the_key()
    {
        var one = new MismatchCase("two", "", MismatchCause.Unknown)
        {
            Sent = new() { Target = "/v1/orders?b=1&a=2" },
            Way = static message => (message with { Target = "/orders?a=2&b=1" }).With("X-Forwarded-Prefix", "/v1"),
        };

        var diagnosis = Diagnose(one, one.Receive(one.Sign()));

        Assert.Equal([MismatchCause.PathPrefixStripped, MismatchCause.QueryReordered], diagnosis.Differences.Select(difference => difference.Cause));
        Assert.Contains("\"@path\" was signed as /v1/orders and seen as /orders", diagnosis.Sentence, StringComparison.Ordinal);
        Assert.Contains("\"@query\" was signed as ?b=1&a=2 and seen as ?a=2&b=1", diagnosis.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_authority_and_content_are_named_together()
    {
        var one = new MismatchCase("three", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage().WithContent("application/json", "{ \"a\": 1 }"u8.ToArray()) with { AuthorityText = "api.example.com:8443" },
            ClockOffset = TimeSpan.FromDays(-2),
            Way = static message => message with { AuthorityText = "api.example.com", Content = "{\"a\":2}"u8.ToArray() },
        };

        var diagnosis = Diagnose(one, one.Receive(one.Sign()));

        Assert.Equal([MismatchCause.ClockOff, MismatchCause.PortDropped, MismatchCause.ContentChanged], diagnosis.Differences.Select(difference => difference.Cause));
    }

    [Fact]
    public void Equal_bases_say_that_the_secret_differs()
    {
        var one = new MismatchCase("secret", "", MismatchCause.Unknown) { SignersSecret = "acme_secret_test_of_another_environment" };
        var sent = one.Sign();

        Assert.Contains("the bases are equal: the Secret differs", Diagnose(one, sent, MismatchCase.BaseOf(sent)).Sentence, StringComparison.Ordinal);
        Assert.Contains("usually the Secret is that of another Key", Diagnose(one, sent).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_secret_beside_a_rewritten_path_is_named_too()
    {
        var one = new MismatchCase("both", "", MismatchCause.Unknown) { SignersSecret = "acme_secret_test_of_another_environment", Way = static message => message with { Target = "/7" } };
        var sent = one.Sign();

        var diagnosis = Diagnose(one, one.Receive(sent), MismatchCase.BaseOf(sent));

        Assert.Equal([MismatchCause.PathPrefixStripped, MismatchCause.WrongSecret], diagnosis.Differences.Select(difference => difference.Cause));
    }

    [Theory]
    [InlineData("\n", "newline")]
    [InlineData("crlf", "CR LF")]
    public void A_base_that_was_framed_otherwise_is_recognised(string framing, string said)
    {
        var one = new MismatchCase("framing", "", MismatchCause.Unknown);
        var sent = one.Sign();
        var text = MismatchCase.BaseOf(sent);
        using var key = new SigningKey(MismatchCase.KeyId, MismatchCases.Secret);
        var mac = new byte[HmacSha256.MacSize];
        HmacSha256.Compute(key, System.Text.Encoding.ASCII.GetBytes(framing == "crlf" ? text.ReplaceLineEndings("\r\n") : text + framing), mac);

        var difference = Assert.Single(Diagnose(one, sent.With("Signature", $"sig=:{Convert.ToBase64String(mac)}:")).Differences);

        Assert.Equal(("\"@signature-params\"", MismatchCause.NotNormalized), (difference.Component, difference.Cause));
        Assert.Contains(said, difference.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_covered_field_that_a_proxy_took_away_is_named()
    {
        var one = new MismatchCase("gone", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage().With("X-Tenant", "acme"),
            Covered = ["@method", "@authority", "@path", "@query", "x-tenant"],
            Way = static message => message.With("X-Tenant"),
        };

        var diagnosis = Diagnose(one, one.Receive(one.Sign()));

        Assert.Equal(("\"x-tenant\"", MismatchCause.ComponentMissing), diagnosis.Differences.Select(difference => (difference.Component, difference.Cause)).Single());
        Assert.Equal(SignatureStatus.MissingComponent, diagnosis.Status);
        Assert.Null(diagnosis.SeenBase);
    }

    [Fact]
    public void A_request_without_a_signature_is_told_so()
    {
        var diagnosis = Diagnose(new MismatchCase("none", "", MismatchCause.Unknown), new CapturedMessage());

        Assert.Equal(SignatureStatus.MissingSignature, diagnosis.Status);
        Assert.Empty(diagnosis.Differences);
        Assert.StartsWith("The request carries no signature", diagnosis.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_another_signature_is_no_wrong_secret()
    {
        var one = new MismatchCase("other", "", MismatchCause.Unknown);

        var diagnosis = RequestDiagnosis.Diagnose(one.Sign(), [], "another_key", MismatchCases.Secret + "x", new RequestCircumstances { ReceivedAt = MismatchCase.Now });

        Assert.Equal(MismatchCause.OtherSignature, Assert.Single(diagnosis.Differences).Cause);
    }

    [Fact]
    public void A_digest_of_a_content_that_is_cut_off_says_how_much_is_there()
    {
        var one = new MismatchCase("cut", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage().WithContent("text/plain", "green tea"u8.ToArray()).With("Content-Length", "9"),
            Way = static message => message with { Content = "green"u8.ToArray() },
        };

        Assert.Contains("5 of the 9 bytes", Assert.Single(Diagnose(one, one.Receive(one.Sign())).Differences).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":""")]
    [InlineData("")]
    public void A_content_that_is_hardly_JSON_is_no_error(string content)
    {
        var one = new MismatchCase("odd", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage().WithContent("application/json", "{}"u8.ToArray()),
            Way = message => message with { Content = System.Text.Encoding.UTF8.GetBytes(content) },
        };

        Assert.Equal(MismatchCause.ContentChanged, Assert.Single(Diagnose(one, one.Receive(one.Sign())).Differences).Cause);
    }

    [Fact]
    public void The_search_ends_on_the_largest_request_that_can_be_signed()
    {
        var names = Enumerable.Range(0, 24).Select(number => $"x-{number}").ToArray();
        var sent = names.Aggregate(new CapturedMessage { Target = "/a?" + string.Join('&', names) }, (message, name) => message.With(name, new string(',', 600), new string(';', 600)));
        var one = new MismatchCase("large", "", MismatchCause.Unknown) { Sent = sent, Covered = ["@method", "@authority", "@path", "@query", .. names], SignersSecret = "a secret of somebody else, of some length" };

        var diagnosis = Diagnose(one, one.Sign());

        Assert.Equal(MismatchCause.WrongSecret, Assert.Single(diagnosis.Differences).Cause);
    }

    [Fact]
    public void A_bomb_in_the_content_is_not_unpacked_to_its_end()
    {
        var packed = new MemoryStream();
        using (var stream = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 64; i++)
            {
                stream.Write(zeros);
            }
        }

        var one = new MismatchCase("bomb", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray()),
            Way = message => message with { Content = packed.ToArray() },
        };
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(MismatchCause.ContentChanged, Assert.Single(Diagnose(one, one.Receive(one.Sign())).Differences).Cause);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400L << 20);
    }

    private static RequestDiagnosis Diagnose(MismatchCase one, CapturedMessage received, string? signedBase = null) => RequestDiagnosis.Diagnose(
        received, received.Content, MismatchCase.KeyId, one.GivenSecret, new RequestCircumstances { ReceivedAt = MismatchCase.Now, CalledAddress = one.CalledAddress, SignedBase = signedBase });
}
