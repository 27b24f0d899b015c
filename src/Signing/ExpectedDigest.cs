using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Signing;

/// <summary>RFC 9530 §2. Holds the digests that a message announces; the content must match each of them.</summary>
public readonly struct ExpectedDigest
{
    private readonly DigestAlgorithms _wrongLength;
    private readonly Bytes32 _sha256;
    private readonly Bytes64 _sha512;

    // A digest whose length does not fit is left empty: it is announced, and nothing matches it.
    internal ExpectedDigest(DigestAlgorithms algorithms, ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> sha512)
    {
        Algorithms = algorithms;
        if (!sha256.TryCopyTo(_sha256) || sha256.Length != SHA256.HashSizeInBytes)
        {
            _wrongLength |= DigestAlgorithms.Sha256;
        }

        if (!sha512.TryCopyTo(_sha512) || sha512.Length != SHA512.HashSizeInBytes)
        {
            _wrongLength |= DigestAlgorithms.Sha512;
        }
    }

    /// <summary>The supported algorithms among the digests; <see cref="DigestAlgorithms.None"/> only in the default value, which no content matches.</summary>
    public DigestAlgorithms Algorithms { get; }

    // Constant time, and without stopping at the first difference.
    internal bool Matches(ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> sha512)
    {
        bool matches = Algorithms != DigestAlgorithms.None && (Algorithms & _wrongLength) == DigestAlgorithms.None;
        if ((Algorithms & DigestAlgorithms.Sha256) != DigestAlgorithms.None)
        {
            matches &= CryptographicOperations.FixedTimeEquals(_sha256, sha256);
        }

        if ((Algorithms & DigestAlgorithms.Sha512) != DigestAlgorithms.None)
        {
            matches &= CryptographicOperations.FixedTimeEquals(_sha512, sha512);
        }

        return matches;
    }

    [InlineArray(SHA256.HashSizeInBytes)]
    private struct Bytes32
    {
        private byte _first;
    }

    [InlineArray(SHA512.HashSizeInBytes)]
    private struct Bytes64
    {
        private byte _first;
    }
}
