using System.Text;

namespace Signing.Tests.Diagnosis;

/// <summary>What the key alone finds, without the signer's base: the request holds what was signed in another place or form.</summary>
public sealed class KeyAloneTests
{
    private static readonly MismatchCase[] Cases =
    [
        new("host in Forwarded", "\"@authority\"", MismatchCause.AuthorityRewritten)
        {
            Way = static message => (message with { AuthorityText = "10.0.0.5" }).With("Forwarded", "for=192.0.2.1;Host=\"api.example.com\";proto=https, for=10.0.0.9"),
        },
        new("port in Forwarded", "\"@authority\"", MismatchCause.AuthorityRewritten)
        {
            Sent = new() { AuthorityText = "api.example.com:9443" },
            Way = static message => (message with { AuthorityText = "10.0.0.5:80" }).With("X-Forwarded-Host", "api.example.com, inner").With("X-Forwarded-Port", "9443"),
        },
        new("small escapes beside capital ones", "\"@path\"", MismatchCause.PathReencoded)
        {
            Sent = new() { Target = "/A%2fB%c3%ab%21" },
            Way = static message => message with { Target = "/A%2FB%C3%AB%21" },
        },
        new("capital escapes", "\"@query\"", MismatchCause.QueryReencoded)
        {
            Sent = new() { Target = "/a?B=%2FX%3A" },
            Way = static message => message with { Target = "/a?B=%2fX%3a" },
        },
        new("target in X-Original-URI", "\"@path\"", MismatchCause.PathRewritten)
        {
            Sent = new() { Target = "/orders/7" },
            Way = static message => (message with { Target = "/index.php" }).With("X-Original-URI", "/orders/7"),
        },
        new("empty path", "\"@path\"", MismatchCause.NotNormalized)
        {
            Sent = new() { Target = "/" },
            Covered = ["@method", "@authority", "@query", "@path"],
        },
        new("charset added", "\"content-type\"", MismatchCause.FieldChanged)
        {
            Sent = new CapturedMessage().With("Content-Type", "text/plain"),
            Covered = ["@method", "content-type"],
            Way = static message => message.With("Content-Type", "text/plain; charset=utf-8"),
        },
        new("charset taken away", "\"content-type\"", MismatchCause.FieldChanged)
        {
            Sent = new CapturedMessage().With("Content-Type", "text/plain;charset=UTF-8"),
            Covered = ["@method", "content-type"],
            Way = static message => message.With("Content-Type", "text/plain"),
        },
        new("charset in capitals", "\"content-type\"", MismatchCause.FieldChanged)
        {
            Sent = new CapturedMessage().With("Content-Type", "text/plain; charset=UTF-8"),
            Covered = ["@method", "content-type"],
            Way = static message => message.With("Content-Type", "text/plain; charset=utf-8"),
        },
        new("target URI on another host", "\"@target-uri\"", MismatchCause.AuthorityRewritten)
        {
            Sent = new() { Target = "/a?x=1" },
            Covered = ["@method", "@target-uri"],
            Way = static message => (message with { AuthorityText = "10.0.0.5" }).With("X-Forwarded-Host", "api.example.com"),
        },
        new("target URI without its query", "\"@target-uri\"", MismatchCause.QueryAdded)
        {
            Covered = ["@method", "@target-uri"],
            Way = static message => message with { Target = "/orders/7?utm=1" },
        },
        new("target URI over plain http", "\"@target-uri\"", MismatchCause.SchemeRewritten)
        {
            Covered = ["@method", "@target-uri"],
            Way = static message => message with { SchemeText = "http" },
        },
        new("request target without its prefix", "\"@request-target\"", MismatchCause.PathPrefixStripped)
        {
            Sent = new() { Target = "/v1/orders/7?x=1" },
            Covered = ["@method", "@request-target"],
            Way = static message => (message with { Target = "/orders/7?x=1" }).With("X-Forwarded-Prefix", "/v1"),
        },
        new("request target with a query more", "\"@request-target\"", MismatchCause.QueryAdded)
        {
            Covered = ["@method", "@request-target"],
            Way = static message => message with { Target = "/orders/7?utm=1" },
        },
        new("quotes around the one given", "\"signature\"", MismatchCause.SecretInAnotherForm) { GivenSecret = $"\"{MismatchCases.Secret}\"" },
        new("single quotes around the signer's", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = $"'{MismatchCases.Secret}'" },
        new("what stands behind the last underscore", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = MismatchCases.Secret[(MismatchCases.Secret.LastIndexOf('_') + 1)..] },
        new("decoded digits", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = "0123456789abcdef", GivenSecret = Convert.ToHexString("0123456789abcdef"u8) },
        new("in base64", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = Convert.ToBase64String(Encoding.UTF8.GetBytes(MismatchCases.Secret)) },
        new("in capitals", "\"signature\"", MismatchCause.SecretInAnotherForm) { SignersSecret = MismatchCases.Secret.ToUpperInvariant() },
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_component_and_its_cause_are_found(string name)
    {
        var one = Cases.Single(one => one.Name == name);
        var received = one.Receive(name == "empty path" ? SignedWithoutPath() : one.Sign());

        var diagnosis = RequestDiagnosis.Diagnose(received, received.Content, MismatchCase.KeyId, one.GivenSecret, new RequestCircumstances { ReceivedAt = MismatchCase.Now, Policy = new VerificationPolicy { RequiredComponents = ["@method"] } });

        Assert.True(diagnosis.Differences.Select(difference => (difference.Component, difference.Cause)).SequenceEqual([(one.Component, one.Cause)]), diagnosis.Sentence);
    }

    // By a signer that writes an empty path, which RFC 9421 §2.2.6 has as a slash.
    private static CapturedMessage SignedWithoutPath()
    {
        var parameters = $"(\"@method\" \"@path\");created={MismatchCase.Now.ToUnixTimeSeconds()};keyid=\"{MismatchCase.KeyId}\"";
        using var key = new SigningKey(MismatchCase.KeyId, MismatchCases.Secret);
        var mac = new byte[HmacSha256.MacSize];
        HmacSha256.Compute(key, Encoding.ASCII.GetBytes($"\"@method\": GET\n\"@path\": \n\"@signature-params\": {parameters}"), mac);
        return new CapturedMessage { Target = "/" }.With("Signature-Input", $"sig={parameters}").With("Signature", $"sig=:{Convert.ToBase64String(mac)}:");
    }
}
