using System.Security.Cryptography;
using System.Text;

namespace Signing.Tests.Diagnosis;

public sealed class ContentComparisonTests
{
    private const string Missing = "the content is missing here";
    private const string NotPacked = "the content is not packed";
    private const string Parsed = "usually a handler or gateway parsed it";
    private const string Changed = "it was changed after it was digested";

    [Theory]
    [InlineData("text/plain", "", "", Missing)]
    [InlineData("text/plain", "", "green", Changed)]
    [InlineData("application/json", "", "green", Parsed)]
    [InlineData("application/problem+JSON", "", "green", Parsed)]
    [InlineData("application/x-www-form-urlencoded", "", "green", Parsed)]
    [InlineData("text/plain", "gzip", "green", NotPacked)]
    [InlineData("application/json", "gzip, br", "green", NotPacked)]
    [InlineData("text/plain", "identity", "green", Changed)]
    [InlineData("application/json", "identity", "green", Parsed)]
    public void What_became_of_a_content_is_said(string type, string coding, string seen, string said)
    {
        CapturedMessage message = new CapturedMessage().WithContent(type, "tea"u8.ToArray());

        Assert.Contains(said, Said(coding.Length > 0 ? message.With("Content-Encoding", coding) : message, Encoding.UTF8.GetBytes(seen)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_content_that_is_packed_as_it_says_was_changed() =>
        Assert.Contains(Changed, Said(new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray()).With("Content-Encoding", "gzip"), MismatchCases.Packed("green"u8.ToArray())), StringComparison.Ordinal);

    [Theory]
    [InlineData("3", "tee", Changed)]
    [InlineData("4", "tee", "3 of the 4 bytes that Content-Length announces are there")]
    [InlineData("2", "tee", Changed)]
    [InlineData("many", "tee", Changed)]
    public void A_content_is_cut_off_only_where_more_was_announced(string announced, string seen, string said) =>
        Assert.Contains(said, Said(new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray()).With("Content-Length", announced), Encoding.UTF8.GetBytes(seen)), StringComparison.Ordinal);

    [Theory]
    [InlineData("sha-256", "sha-512", "sha-512 of the content under the name of another algorithm")]
    [InlineData("sha-512", "sha-256", "sha-256 of the content under the name of another algorithm")]
    [InlineData("sha-256", "sha-384", "sha-384 of the content under the name of another algorithm")]
    [InlineData("sha-256", "sha-1", "sha-1 of the content under the name of another algorithm")]
    [InlineData("sha-256", "md5", "md5 of the content under the name of another algorithm")]
    [InlineData("sha-256", "digits sha-256", "sha-256 of the content in hexadecimal digits")]
    [InlineData("sha-512", "capital digits sha-256", "sha-256 of the content in hexadecimal digits")]
    [InlineData("sha-256", "encoded digits md5", "md5 of the content in hexadecimal digits")]
    [InlineData("sha-512", "encoded digits sha-256", "sha-256 of the content in hexadecimal digits")]
    [InlineData("sha-256", "encoded capital digits sha-256", "sha-256 of the content in hexadecimal digits")]
    [InlineData("md5", "md5", "md5 is not supported")]
    [InlineData("sha", "sha-1", "sha is not supported")]
    [InlineData("sha-384", "sha-384", "sha-384 is not supported")]
    public void A_digest_that_is_not_what_its_name_promises_is_recognised(string name, string written, string said)
    {
        byte[] content = "tea"u8.ToArray();
#pragma warning disable CA5350, CA5351 // Weak algorithms, in order to see them recognised.
        byte[] digest = written.Split(' ')[^1] switch { "sha-1" => SHA1.HashData(content), "md5" => MD5.HashData(content), "sha-384" => SHA384.HashData(content), "sha-512" => SHA512.HashData(content), _ => SHA256.HashData(content) };
#pragma warning restore CA5350, CA5351 // Weak algorithms: recognised above.
        string digits = written.Contains("capital", StringComparison.Ordinal) ? Convert.ToHexString(digest) : Convert.ToHexString(digest).ToLowerInvariant();
        string value = written.StartsWith("encoded", StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.ASCII.GetBytes(digits)) : written.Contains("digits", StringComparison.Ordinal) ? digits : Convert.ToBase64String(digest);

        Assert.Contains(said, Said(new CapturedMessage().WithContent("text/plain", content, $"{name}=:{value}:"), content), StringComparison.Ordinal);
        Assert.Contains(said, Said(new CapturedMessage().WithContent("text/plain", content, $"x=1, {name}=:{value}:"), content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SHA-256=:value:")]
    [InlineData("sha256=:value:")]
    [InlineData("Sha-256=value")]
    [InlineData("SHA-512=:value:")]
    [InlineData(":value:")]
    [InlineData("value")]
    [InlineData("sha-256=:value:, SHA-256=:value:")]
    public void A_digest_whose_name_is_written_in_another_way_is_not_that_of_another_algorithm(string field)
    {
        byte[] content = "tea"u8.ToArray();

        string said = Said(new CapturedMessage().WithContent("text/plain", content, field.Replace("value", Convert.ToBase64String(SHA256.HashData(content)), StringComparison.Ordinal)), content);

        Assert.Contains("its name is not sha-256", said, StringComparison.Ordinal);
        Assert.False(said.AsSpan().ContainsAnyExceptInRange(' ', '~'), "A terminal of any encoding shows it.");
    }

    [Fact]
    public void A_digest_that_stands_under_its_own_name_and_another_is_recognised()
    {
        byte[] content = "tea"u8.ToArray();
        string digest = Convert.ToBase64String(SHA256.HashData(content));

        Assert.Contains("sha-256 of the content under the name of another algorithm", Said(new CapturedMessage().WithContent("text/plain", content, $"sha-256=:{digest}:, sha-512=:{digest}:"), content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":[1,{\"c\":[]}],\"b\":\"\\u003C\\u0026\\u003E\",\"d\":{}}", "{\"b\":\"<&>\",\"a\":[1,{\"c\":[]}],\"d\":{}}")]
    [InlineData("{\"a\":\"\\u0001\\b\\f\\t\"}", "{ \"a\": \"\\u0001\\b\\f\\t\" }")]
    [InlineData("{\"a\":\"Zo\\u00eb\"}", "{\"a\":\"Zoë\"}")]
    [InlineData("{\n    \"a\": [\n        1,\n        2\n    ]\n}", "{\"a\":[1,2]}")]
    [InlineData("{\r\n\t\"a\": 1\r\n}", null)]
    [InlineData("{\n\t\"a\": [\n\t\t1\n\t]\n}", "{\"a\":[1]}")]
    [InlineData("a=1+2&b=3", "a=1%202&b=3")]
    [InlineData("a=1&b=3", "b=3&a=1")]
    [InlineData("one\r\ntwo\r\n", "one\ntwo\n")]
    [InlineData("tea\n", "tea")]
    [InlineData("\uFEFFtea", "tea")]
    public void The_same_content_written_in_another_way_is_recognised(string signed, string? seen)
    {
        CapturedMessage message = new CapturedMessage().WithContent("text/plain", Encoding.UTF8.GetBytes(signed));
        string said = Said(message, Encoding.UTF8.GetBytes(seen ?? "{\"a\":1}"));

        Assert.Equal(seen is not null, said.Contains("the same content written in another way", StringComparison.Ordinal));
    }

    private static string Said(CapturedMessage message, byte[] content) => ContentComparison.Compare(message, content)!.Value.Why;
}
