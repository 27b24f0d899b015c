namespace Signing.Tests.Diagnosis;

/// <summary>The texts that are taken apart, altered and shown.</summary>
public sealed class DiagnosisTextTests
{
    [Theory]
    [InlineData("/a/b?x=1", null, null, "/a/b", "?x=1")]
    [InlineData("/a", null, null, "/a", "?")]
    [InlineData("*", null, null, "*", "?")]
    [InlineData("?", null, null, "", "?")]
    [InlineData("https://api.example.com/a?b=c://d/e", "https", "api.example.com", "/a", "?b=c://d/e")]
    [InlineData("https://api.example.com", "https", "api.example.com", "", "?")]
    [InlineData("https://api.example.com?x", "https", "api.example.com", "", "?x")]
    [InlineData("://a/b", "", "a", "/b", "?")]
    [InlineData("https:///b", "https", "", "/b", "?")]
    public void An_address_is_taken_apart_as_it_stands(string target, string? scheme, string? authority, string path, string query)
    {
        Assert.Equal((scheme, authority, path, query), TargetText.Split(target));
        Assert.Equal((scheme ?? "", authority ?? "", scheme is not null && path.Length == 0 ? "/" : path, query), CalledTarget.Split(target + "#top?x"));
    }

    [Theory]
    [InlineData("api.example.com", "api.example.com", null)]
    [InlineData("api.example.com:8443", "api.example.com", "8443")]
    [InlineData("api.example.com:", "api.example.com", "")]
    [InlineData(":8443", "", "8443")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]", null)]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]", "8443")]
    public void The_colons_of_an_address_are_no_port(string authority, string host, string? port) => Assert.Equal((host, port), TargetText.SplitAuthority(authority));

    [Theory]
    [InlineData("a%41b", "aAb")]
    [InlineData("%4", "%4")]
    [InlineData("%", "%")]
    [InlineData("%4g%g4", "%4g%g4")]
    [InlineData("%7e%7E", "~~")]
    [InlineData("%2541", "%41")]
    [InlineData("ë", "\u00c3\u00ab")]
    [InlineData("%C3%AB", "\u00c3\u00ab")]
    [InlineData("a+b", "a+b")]
    public void Each_escape_is_decoded_once(string text, string decoded) => Assert.Equal(decoded, PercentText.Decode(text));

    [Theory]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/../../b", "/b")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/..b/...", "/a/..b/...")]
    public void Dot_segments_are_resolved(string path, string resolved) => Assert.Equal(resolved, PercentText.RemoveDotSegments(path));

    [Theory]
    [InlineData(72, 0, 72, "", "")]
    [InlineData(73, 0, 72, "", "...")]
    [InlineData(73, 24, 72, "", "...")]
    [InlineData(73, 25, 72, "...", "")]
    [InlineData(200, 100, 72, "...", "...")]
    [InlineData(200, 152, 72, "...", "")]
    [InlineData(200, 199, 72, "...", "")]
    public void A_long_value_is_a_window_that_begins_before_the_difference(int length, int difference, int shown, string before, string after)
    {
        string value = string.Create(length, 0, static (text, _) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)('a' + (i % 26));
            }
        });
        string other = value[..difference] + "#";
        int start = Math.Clamp(difference - 24, 0, Math.Max(length - 72, 0));

        Assert.Equal($"{before}{value[start..(start + shown)]}{after}", ShownValue.Of(value, other));
    }

    [Theory]
    [InlineData(0, "1st")]
    [InlineData(1, "2nd")]
    [InlineData(2, "3rd")]
    [InlineData(3, "4th")]
    [InlineData(10, "11th")]
    [InlineData(11, "12th")]
    [InlineData(12, "13th")]
    [InlineData(20, "21st")]
    [InlineData(21, "22nd")]
    [InlineData(22, "23rd")]
    [InlineData(100, "101st")]
    [InlineData(110, "111th")]
    public void Where_hidden_values_begin_to_differ_is_an_ordinal(int equal, string ordinal)
    {
        string start = new('x', equal);

        Assert.Equal($"({equal + 1} characters, differ from the {ordinal} on)", ShownValue.Hide(start + "a", start + "b"));
        Assert.Equal($"({equal + 1} characters)", ShownValue.Hide(start + "a", null));
        Assert.Null(ShownValue.Hide(null, start));
    }

    [Theory]
    [InlineData("\"authorization\"", true)]
    [InlineData("\"x-api-Key\";bs", true)]
    [InlineData("\"x-tenant\";key=\"token\"", false)]
    [InlineData("\"@authority\"", false)]
    [InlineData("\"x-tenant\"", false)]
    public void A_field_that_carries_a_token_is_known_by_its_name(string component, bool carries) => Assert.Equal(carries, TokenField.Carries(component));

    [Theory]
    [InlineData("https://a.example/b?{0}=x", "https://a.example/b")]
    [InlineData("https://a.example/b?c=1&{0}=x", "https://a.example/b?c=1")]
    [InlineData("https://a.example/b?c=1&my{0}=x", "https://a.example/b?c=1&my{0}=x")]
    [InlineData("https://a.example/b?{0}=1&{0}=x", "https://a.example/b?{0}=1")]
    [InlineData("{0}=x", "{0}=x")]
    [InlineData("https://a.example/b", "https://a.example/b")]
    public void The_signature_is_taken_off_a_presigned_address(string address, string rest) =>
        Assert.Equal(Named(rest), CapturedUrl.WithoutSignature(Named(address)));

    private static string Named(string text) => text.Replace("{0}", UrlSignatureText.Name, StringComparison.Ordinal);
}
