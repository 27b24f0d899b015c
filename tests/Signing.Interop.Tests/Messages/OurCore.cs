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

    private static readonly MessageVerifier AnswerVerifier = new(new VerificationPolicy(MessageKind.Response) { RequiredComponents = ["@status"], CoveredIfPresent = [], FieldTypes = FieldTypes });

    /// <returns>The message with its signature; <see langword="null"/> if a component has no value.</returns>
    public static OddMessage? Sign(OddMessage message) =>
        Sign(new OddMessageView(message), new SigningPolicy { Components = message.Covered, CoverIfPresent = [], FieldTypes = FieldTypes }) is { } fields
            ? message.With(fields)
            : null;

    /// <returns>The answer with its signature; <see langword="null"/> if a component has no value.</returns>
    public static OddAnswer? Sign(OddAnswer answer) =>
        Sign(new OddAnswerView(answer), new SigningPolicy(MessageKind.Response) { Components = answer.Covered, CoverIfPresent = [], CoverRequestSignature = false, FieldTypes = FieldTypes }) is { } fields
            ? answer.With(fields)
            : null;

    public static SignatureStatus Verify(OddMessage message) => Verify(Verifier, new OddMessageView(message));

    public static SignatureStatus Verify(OddAnswer answer) => Verify(AnswerVerifier, new OddAnswerView(answer));

    private static (string, string)[]? Sign<T>(T view, SigningPolicy policy)
        where T : ISignableMessage
    {
        char[] input = new char[SignatureLimits.MaxSignatureInputLength];
        char[] signature = new char[128];
        return new MessageSigner(policy).TrySign(view, Key, input, signature, out int inputLength, out int signatureLength, out _)
            ? [("Signature-Input", new string(input, 0, inputLength)), ("Signature", new string(signature, 0, signatureLength))]
            : null;
    }

    private static SignatureStatus Verify<T>(MessageVerifier verifier, T view)
        where T : ISignableMessage
    {
        if (!verifier.TryRead(view, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            return refusal;
        }

        SignatureCandidate candidate = candidates[0];
        return verifier.Verify(view, candidate, Key, out _);
    }
}
