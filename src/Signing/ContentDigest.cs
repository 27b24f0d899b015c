namespace Signing;
[Flags] public enum DigestAlgorithms { None = 0, Sha256 = 1, Sha512 = 2 }
/// <summary>RFC 9530 §2.</summary>
public static class ContentDigest
{
    public const int MaxFieldLength = 128;
    /// <summary>Writes `sha-256=:...:` over content.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> content, DigestAlgorithms algorithm, Span<char> destination, out int written) => throw new NotImplementedException();
    /// <summary>Reads the Content-Digest field lines of the message. refusal: MissingDigest, UnsupportedDigest.</summary>
    public static bool TryRead<T>(in T message, out ExpectedDigest expected, out SignatureStatus refusal) where T : ISignableMessage => throw new NotImplementedException();
}
/// <summary>The digests a message announces; every supported member must match.</summary>
public readonly struct ExpectedDigest
{
    public DigestAlgorithms Algorithms { get; }
}
/// <summary>Streaming, pooled.</summary>
public sealed class ContentHasher : IDisposable
{
    public static ContentHasher Rent(DigestAlgorithms algorithms) => throw new NotImplementedException();
    public void Append(ReadOnlySpan<byte> content) => throw new NotImplementedException();
    /// <summary>Verified or DigestMismatch; constant time.</summary>
    public SignatureStatus Verify(in ExpectedDigest expected) => throw new NotImplementedException();
    /// <summary>Writes the field value, e.g. `sha-256=:...:`, of what was appended.</summary>
    public bool TryWrite(Span<char> destination, out int written) => throw new NotImplementedException();
    public void Dispose() { }
}
