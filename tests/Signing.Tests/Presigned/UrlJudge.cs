using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>Verifies a URL with the core as a server does, with one key known.</summary>
internal static class UrlJudge
{
    public static SignatureStatus Verify(string target, DateTimeOffset now, VerificationPolicy? policy = null, string method = "GET", string scheme = "https", string authority = "api.example.com", string keyId = ApiHost.Key) =>
        Verify(new ReferenceRequest(method, scheme, authority, target, [], []), now, policy, keyId);

    public static SignatureStatus Verify(ReferenceRequest request, DateTimeOffset now, VerificationPolicy? policy = null, string keyId = ApiHost.Key)
    {
        var verifier = new UrlVerifier(policy ?? new VerificationPolicy(), new ManualTimeProvider(now));
        var message = new ReferenceMessage(request);
        if (!verifier.TryRead(message, out UrlSignature signature, out SignatureStatus refusal))
        {
            return refusal;
        }

        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        if (!signature.GetKeyId(message, buffer).SequenceEqual(keyId))
        {
            return SignatureStatus.InvalidCredential;
        }

        using var key = new SigningKey(keyId, ApiHost.Secret);
        SignatureStatus status = verifier.Verify(message, signature, [key], out int matched);
        Assert.Equal(status == SignatureStatus.Verified ? 0 : -1, matched);
        return status;
    }
}
