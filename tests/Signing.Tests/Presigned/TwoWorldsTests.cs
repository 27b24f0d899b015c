using System.Globalization;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>A MAC is valid in a URL or in header fields, and never in both.</summary>
public sealed class TwoWorldsTests : IDisposable
{
    private const string Target = "/reports/7.pdf?page=2";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly SigningKey _key = new(ApiHost.Key, ApiHost.Secret);

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("signing-presigned", SignatureStatus.MissingSignature)]
    [InlineData("signing-presigneD", SignatureStatus.Verified)]
    [InlineData("another", SignatureStatus.Verified)]
    public void The_tag_of_URLs_is_refused_in_header_fields_whatever_else_is_right(string tag, SignatureStatus expected)
    {
        string parameters = Parameters(tag);
        PresignedDraft draft = new PresignedDraft(Target, Now) with { Parameters = parameters };

        Assert.Equal(expected, VerifyFields(parameters, draft.Mac, new VerificationPolicy()));
    }

    [Fact]
    public void A_URL_that_is_moved_into_header_fields_is_refused()
    {
        var draft = new PresignedDraft(Target, Now);
        string parameters = Parameters("signing-presigned");
        Assert.EndsWith(parameters, draft.SignatureBase, StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(draft.Signed, Now));

        Assert.Equal(SignatureStatus.MissingSignature, VerifyFields(parameters, draft.Mac, new VerificationPolicy()));
        Assert.Equal(SignatureStatus.MissingSignature, VerifyFields(parameters, draft.Mac, new VerificationPolicy { Tag = "app" }));
    }

    [Fact]
    public void It_is_refused_by_the_short_cut_for_lists_that_were_verified_before_too()
    {
        var verifier = new MessageVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        string usual = Parameters("another");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(SignatureStatus.Verified, VerifyFields(verifier, usual, (new PresignedDraft(Target, Now) with { Parameters = usual }).Mac));
        }

        Assert.Equal(SignatureStatus.MissingSignature, VerifyFields(verifier, Parameters("signing-presigned"), new PresignedDraft(Target, Now).Mac));
    }

    [Theory]
    [InlineData(";alg=\"hmac-sha256\"")]
    [InlineData(";alg=\"hmac-sha256\";tag=\"another\"")]
    [InlineData("")]
    public void A_signature_of_header_fields_that_is_moved_into_a_URL_is_refused(string rest)
    {
        string parameters = Parameters(null) + rest;
        PresignedDraft draft = new PresignedDraft(Target, Now) with { Parameters = parameters };
        Assert.Equal(SignatureStatus.Verified, VerifyFields(parameters, draft.Mac, new VerificationPolicy()));

        Assert.Equal(SignatureStatus.InvalidCredential, UrlJudge.Verify(draft.Signed, Now));
    }

    [Fact]
    public void No_policy_signs_header_fields_with_the_tag_of_URLs_or_selects_by_it()
    {
        Assert.Throws<ArgumentException>("Tag", () => new MessageSigner(new SigningPolicy { Tag = "signing-presigned" }));
        Assert.Throws<ArgumentException>("Tag", () => new MessageVerifier(new VerificationPolicy { Tag = "signing-presigned" }));
        Assert.Throws<ArgumentException>("Tag", () => new UrlVerifier(new VerificationPolicy { Tag = "signing-presigned" }));
    }

    private static string Parameters(string? tag) => string.Create(
        CultureInfo.InvariantCulture,
        $"(\"@method\" \"@authority\" \"@path\" \"@query\");created={Now.ToUnixTimeSeconds()};expires={Now.ToUnixTimeSeconds() + 3600};keyid=\"{ApiHost.Key}\"{(tag is null ? "" : $";alg=\"hmac-sha256\";tag=\"{tag}\"")}");

    private SignatureStatus VerifyFields(string parameters, string mac, VerificationPolicy policy) =>
        VerifyFields(new MessageVerifier(policy, new ManualTimeProvider(Now)), parameters, mac);

    private SignatureStatus VerifyFields(MessageVerifier verifier, string parameters, string mac)
    {
        string base64 = mac.Replace('-', '+').Replace('_', '/') + "=";
        var message = new ReferenceMessage(new ReferenceRequest("GET", "https", "api.example.com", Target, [], [])
            .With("Signature-Input", $"sig={parameters}").With("Signature", $"sig=:{base64}:"));
        return verifier.TryRead(message, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? verifier.Verify(message, candidates[0], _key, out _)
            : refusal;
    }
}
