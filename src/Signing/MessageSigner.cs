namespace Signing;
public sealed class MessageSigner(SigningPolicy policy, TimeProvider? time = null)
{
    public SigningPolicy Policy => policy;
    /// <summary>Writes one Signature-Input and one Signature member (`sig=(...);...` and `sig=:...:`); nothing on failure. A label already in use on the message gets a number appended. created: null = now from the TimeProvider. refusal: MissingComponent, UnsupportedComponent, TooLarge (also: destination too small).</summary>
    public bool TrySign<T>(in T message, SigningKey key, Span<char> signatureInput, Span<char> signature, out int inputWritten, out int signatureWritten, out SignatureStatus refusal, DateTimeOffset? created = null) where T : ISignableMessage { _ = time; throw new NotImplementedException(); }
}
