namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §1.4. What verifier and signer know beside the message: policy, keys, field types and the time.</summary>
public sealed record ReferenceContext(
    VerificationPolicy Policy,
    IReadOnlyList<ReferenceKey> Keys,
    IReadOnlyDictionary<string, SfFieldType> FieldTypes,
    DateTimeOffset Now);
