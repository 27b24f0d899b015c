namespace Signing;
public sealed class MessageVerifier(VerificationPolicy policy, TimeProvider? time = null)
{
    public VerificationPolicy Policy => policy;
    public bool TryRead<T>(in T message, out SignatureCandidates candidates, out SignatureStatus refusal) where T : ISignableMessage => throw new NotImplementedException();
    /// <summary>keys: the live secrets of one key id; the base is built once. Returns Verified, InvalidCredential, MissingComponent, ...; matched = index of the key that matched; fingerprint = first 128 bits of the verified MAC.</summary>
    public SignatureStatus Verify<T>(in T message, in SignatureCandidate candidate, ReadOnlySpan<SigningKey> keys, out int matched, out UInt128 fingerprint) where T : ISignableMessage { _ = time; throw new NotImplementedException(); }
    public SignatureStatus Verify<T>(in T message, in SignatureCandidate candidate, SigningKey key, out UInt128 fingerprint) where T : ISignableMessage => throw new NotImplementedException();
}
