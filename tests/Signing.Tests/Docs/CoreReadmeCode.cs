namespace Signing.Tests.Docs;

/// <summary>The code of the core's README that signs, verifies and presigns, line for line.</summary>
internal static class CoreReadmeCode
{
    public static void Sign(MessageSigner signer, WebhookCall call, SigningKey signingKey, IDictionary<string, string> fields)
    {
        Span<char> input = stackalloc char[1024];
        Span<char> signature = stackalloc char[96];
        if (!signer.TrySign(call, signingKey, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal))
        {
            throw new InvalidOperationException(Outcome.Of(refusal).Code);
        }

        fields["signature-input"] = input[..inputLength].ToString();
        fields["signature"] = signature[..signatureLength].ToString();
    }

    public static SignatureStatus Verify(MessageVerifier verifier, WebhookCall call, Dictionary<string, SigningKey> keys, out UInt128 fingerprint)
    {
        fingerprint = default;
        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        SignatureStatus status = verifier.TryRead(call, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? verifier.Verify(call, candidates[0], Find(candidates[0].GetKeyId(call, buffer)), out fingerprint)
            : refusal;
        return status;

        SigningKey Find(ReadOnlySpan<char> keyId) => keys[keyId.ToString()];
    }

    public static string Presign(string key, string secret)
    {
        using var signingKey = new SigningKey(key, secret);
        var signer = new UrlSigner(signingKey);
        string url = signer.Presign(new Uri("https://api.example.com/reports/7.pdf?page=2"), TimeSpan.FromHours(1));
        return url;
    }
}
