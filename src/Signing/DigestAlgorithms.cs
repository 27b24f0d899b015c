namespace Signing;

/// <summary>RFC 9530 §5. Names the supported digest algorithms, as a set; the deprecated ones are not supported.</summary>
[Flags]
public enum DigestAlgorithms
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>sha-256</c>, 32 bytes.</summary>
    Sha256 = 1,

    /// <summary><c>sha-512</c>, 64 bytes.</summary>
    Sha512 = 2,
}
