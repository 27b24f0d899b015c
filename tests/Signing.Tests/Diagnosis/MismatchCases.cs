using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Tests.Diagnosis;

/// <summary>The prepared cases: what goes wrong between a signer and a verifier, one of each. A table.</summary>
public static class MismatchCases
{
    // Made by the format of the server, for its checksum.
    public const string Secret = "acme_secret_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg4dEzyV";

    private const string Json = """{"name":"Zo\u00eb <3","items":[1, 2.50],"note":null}""";

    public static IReadOnlyList<MismatchCase> All { get; } =
    [
        new("authority rewritten", "\"@authority\"", MismatchCause.AuthorityRewritten)
        {
            Way = static message => (message with { AuthorityText = "10.0.0.5:8080" }).With("X-Forwarded-Host", "api.example.com"),
        },
        new("authority's port dropped", "\"@authority\"", MismatchCause.PortDropped)
        {
            Sent = new() { AuthorityText = "api.example.com:8443" },
            Way = static message => message with { AuthorityText = "api.example.com" },
        },
        new("scheme seen as http", "\"@scheme\"", MismatchCause.SchemeRewritten)
        {
            Covered = ["@method", "@scheme", "@authority", "@path", "@query"],
            Way = static message => message with { SchemeText = "http" },
        },
        new("path prefix stripped", "\"@path\"", MismatchCause.PathPrefixStripped)
        {
            Sent = new() { Target = "/v1/orders/7" },
            Way = static message => (message with { Target = "/orders/7" }).With("X-Forwarded-Prefix", "/v1"),
        },
        new("path decoded", "\"@path\"", MismatchCause.PathDecoded)
        {
            Sent = new() { Target = "/files/a%41%7E" },
            Way = static message => message with { Target = "/files/aA~" },
            CalledAddress = "https://api.example.com/files/a%41%7E",
        },
        new("path re-encoded", "\"@path\"", MismatchCause.PathReencoded)
        {
            Sent = new() { Target = "/files/a%2fb%20c" },
            Way = static message => message with { Target = "/files/a%2Fb%20c" },
        },
        new("dot segments removed", "\"@path\"", MismatchCause.DotSegmentsRemoved)
        {
            Sent = new() { Target = "/a/../orders/./7" },
            Way = static message => message with { Target = "/orders/7" },
            CalledAddress = "https://api.example.com/a/../orders/./7",
        },
        new("query reordered", "\"@query\"", MismatchCause.QueryReordered)
        {
            Sent = new() { Target = "/orders?sort=asc&limit=5&after=x" },
            Way = static message => message with { Target = "/orders?after=x&limit=5&sort=asc" },
        },
        new("query re-encoded", "\"@query\"", MismatchCause.QueryReencoded)
        {
            Sent = new() { Target = "/orders?q=green%20tea" },
            Way = static message => message with { Target = "/orders?q=green+tea" },
        },
        new("query dropped", "\"@query\"", MismatchCause.QueryDropped)
        {
            Sent = new() { Target = "/orders?limit=5" },
            Way = static message => message with { Target = "/orders" },
            CalledAddress = "https://api.example.com/orders?limit=5",
        },
        new("method changed", "\"@method\"", MismatchCause.MethodChanged)
        {
            Sent = new() { MethodText = "POST" },
            Way = static message => message with { MethodText = "GET" },
        },
        new("header changed by a proxy", "\"x-tenant\"", MismatchCause.FieldChanged)
        {
            Sent = new CapturedMessage().With("X-Tenant", "acme"),
            Covered = ["@method", "@authority", "@path", "@query", "x-tenant"],
            Way = static message => message.With("X-Tenant", "tenant-of-the-gateway"),
            IsFoundByKey = false,
        },
        new("header lines joined differently", "\"x-list\"", MismatchCause.FieldLinesJoined)
        {
            Sent = new CapturedMessage().With("X-List", "a", "b"),
            Covered = ["@method", "@authority", "@path", "@query", "x-list"],
            Way = static message => message.With("X-List", "a,b"),
        },
        new("header enumerated and rewritten by a client handler", "\"cache-control\"", MismatchCause.FieldRewrittenByClient)
        {
            Sent = new CapturedMessage().With("Cache-Control", "no-cache,max-age=1"),
            Covered = ["@method", "@authority", "@path", "@query", "cache-control"],
            Way = static message => message.With("Cache-Control", "no-cache, max-age=1"),
        },
        new("body re-serialised", "\"content-digest\"", MismatchCause.ContentReserialized)
        {
            Sent = new CapturedMessage().WithContent("application/json", Encoding.UTF8.GetBytes("""{"name": "Zo\u00eb <3", "items": [1, 2.50], "note": null}""")),
            Way = static message => message with { Content = Encoding.UTF8.GetBytes("""{"name":"Zoë <3","items":[1,2.50],"note":null}""") },
            IsInBases = false,
        },
        new("body compressed", "\"content-digest\"", MismatchCause.ContentCompressed)
        {
            Sent = new CapturedMessage().WithContent("application/json", Encoding.UTF8.GetBytes(Json)),
            Way = static message => (message with { Content = Packed(Encoding.UTF8.GetBytes(Json)) }).With("Content-Encoding", "gzip"),
            IsInBases = false,
        },
        new("digest of another algorithm", "\"content-digest\"", MismatchCause.DigestOfAnotherAlgorithm)
        {
            Sent = new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray(), digest: $"sha-256=:{Convert.ToBase64String(SHA512.HashData("tea"u8))}:"),
            IsInBases = false,
        },
        new("digest of an algorithm that is not supported", "\"content-digest\"", MismatchCause.DigestOfAnotherAlgorithm)
        {
            Sent = new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray(), digest: "md5=:VFwRn3Z1Hs8F8Z2t4bLQhA==:"),
            IsInBases = false,
        },
        new("digest written by a gateway in another algorithm", "\"content-digest\"", MismatchCause.DigestOfAnotherAlgorithm)
        {
            Sent = new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray()),
            Way = static message => message.With("Content-Digest", $"sha-512=:{Convert.ToBase64String(SHA512.HashData("tea"u8))}:"),
            IsFoundByKey = false,
        },
        new("clock off", "\"@signature-params\"", MismatchCause.ClockOff) { ClockOffset = TimeSpan.FromMinutes(-17), IsInBases = false },
        new("clock off by a time zone", "\"@signature-params\"", MismatchCause.ClockOff) { ClockOffset = TimeSpan.FromHours(2), IsInBases = false },
        new("wrong secret", "\"signature\"", MismatchCause.WrongSecret) { SignersSecret = "acme_secret_test_of_another_environment", IsInBases = false },
        new("secret with its checksum missing", "\"signature\"", MismatchCause.SecretWithoutChecksum) { SignersSecret = Secret[..^6], IsInBases = false },
        new("secret given without its checksum", "\"signature\"", MismatchCause.SecretWithoutChecksum) { GivenSecret = Secret[..^6], IsInBases = false },
        new("secret with a line end", "\"signature\"", MismatchCause.SecretLineEnd) { SignersSecret = Secret + "\n", IsInBases = false },
        new("secret with its line end missing", "\"signature\"", MismatchCause.SecretLineEnd) { GivenSecret = Secret + "\r\n", IsInBases = false },
        new("secret decoded", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = "0123456789abcdef", GivenSecret = "MDEyMzQ1Njc4OWFiY2RlZg==", IsInBases = false },
        new("key in the place of the secret", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = MismatchCase.KeyId, IsInBases = false },
    ];

    /// <summary>Packs a content as a proxy or handler may.</summary>
    public static byte[] Packed(byte[] content)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }
}
