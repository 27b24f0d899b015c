namespace Signing;
/// <summary>One signature that passed every check that needs no key. Not a ref struct: it crosses the asynchronous key look-up; it holds positions into the message's field lines, so the same message must be given again.</summary>
public readonly struct SignatureCandidate
{
    public DateTimeOffset Created { get; }
    public DateTimeOffset? Expires { get; }
    public bool HasNonce { get; }
    public bool CoversContentDigest { get; }
    /// <summary>Key id: a slice of the message, or unescaped into buffer (SignatureLimits.MaxKeyIdLength chars).</summary>
    public ReadOnlySpan<char> GetKeyId<T>(in T message, Span<char> buffer) where T : ISignableMessage => throw new NotImplementedException();
    /// <summary>Whether the plain component (e.g. "authorization", "@path") is covered.</summary>
    public bool Covers<T>(in T message, ReadOnlySpan<char> name) where T : ISignableMessage => throw new NotImplementedException();
}
public readonly struct SignatureCandidates
{
    public int Count { get; }              // 1 or 2 after a successful TryRead
    public SignatureCandidate this[int index] => throw new NotImplementedException();
}
