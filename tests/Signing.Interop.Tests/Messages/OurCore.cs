using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Messages;

/// <summary>Signs and verifies such messages with our core.</summary>
internal static class OurCore
{
    private static readonly Dictionary<string, FieldType> FieldTypes = new(StringComparer.Ordinal)
    {
        ["x-dict"] = FieldType.Dictionary,
        ["x-list"] = FieldType.List,
        ["x-item"] = FieldType.Item,
        ["cache-control"] = FieldType.Dictionary,
    };

    private static readonly SigningKey Key = new(OurServer.Key, OurServer.Secret);

    private static readonly MessageVerifier Verifier = new(new VerificationPolicy { RequiredComponents = ["@method"], CoveredIfPresent = [], FieldTypes = FieldTypes });

    /// <returns>The message with its signature; <see langword="null"/> if a component has no value.</returns>
    public static OddMessage? Sign(OddMessage message)
    {
        var signer = new MessageSigner(new SigningPolicy { Components = message.Covered, CoverIfPresent = [], FieldTypes = FieldTypes });
        char[] input = new char[SignatureLimits.MaxSignatureInputLength];
        char[] signature = new char[128];
        return signer.TrySign(new OddMessageView(message), Key, input, signature, out int inputLength, out int signatureLength, out _)
            ? message.With(("Signature-Input", new string(input, 0, inputLength)), ("Signature", new string(signature, 0, signatureLength)))
            : null;
    }

    public static SignatureStatus Verify(OddMessage message)
    {
        var view = new OddMessageView(message);
        if (!Verifier.TryRead(view, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            return refusal;
        }

        SignatureCandidate candidate = candidates[0];
        return Verifier.Verify(view, candidate, Key, out _);
    }
}
