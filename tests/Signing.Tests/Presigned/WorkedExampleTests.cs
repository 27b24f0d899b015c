using Signing.Tests.Docs;
using Signing.Tests.House;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>The example of the README, which is all that another language has to go by.</summary>
public sealed class WorkedExampleTests
{
    private const string Readme = "src/Signing/README.md";
    private const string Target = "/reports/7.pdf?page=2";
    private const string KeyId = "shop_key_1";
    private const string Secret = "a secret for the worked example";

    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeSeconds(1795291200);

    private static readonly PresignedDraft Draft = new(Target, Created) { KeyId = KeyId, Secret = Secret };

    [Fact]
    public void The_base_and_the_MAC_are_what_anybody_computes()
    {
        string readme = Repository.Read(Readme);

        Assert.Contains($"`{Secret}`", readme, StringComparison.Ordinal);
        Assert.Contains($"```text\n{Draft.SignatureBase}\n```\n", readme, StringComparison.Ordinal);
        Assert.Contains($"```text\nhttps://api.example.com{Draft.Signed}\n```\n", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_URL_is_what_the_signer_makes_and_the_verifier_accepts()
    {
        using var key = new SigningKey(KeyId, Secret);
        var clock = new ManualTimeProvider(Created);

        string url = new UrlSigner(key, clock).Presign(new Uri("https://api.example.com" + Target), TimeSpan.FromHours(1));

        Assert.Equal("https://api.example.com" + Draft.Signed, url);
        var message = new Reference.ReferenceMessage(new Reference.ReferenceRequest("GET", "https", "api.example.com", Draft.Signed, [], []));
        var verifier = new UrlVerifier(new VerificationPolicy(), clock);
        Assert.True(verifier.TryRead(message, out UrlSignature signature, out _));
        Assert.Equal(SignatureStatus.Verified, verifier.Verify(message, signature, [key], out _));
    }

    [Fact]
    public void The_code_of_the_README_presigns()
    {
        Assert.StartsWith("https://api.example.com/reports/7.pdf?page=2&signature=", CoreReadmeCode.Presign(KeyId, Secret), StringComparison.Ordinal);
    }
}
