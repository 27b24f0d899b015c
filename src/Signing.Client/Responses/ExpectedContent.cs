namespace Signing.Client;

/// <summary>Holds what is known of an answer's content once its signature is verified.</summary>
/// <param name="Digest">What it must match; <see langword="null"/> if the signature covers none, and so there must be no content.</param>
/// <param name="MaxBytes">How many bytes of it are read.</param>
internal readonly record struct ExpectedContent(ExpectedDigest? Digest, int MaxBytes)
{
    public DigestAlgorithms Algorithms => Digest?.Algorithms ?? DigestAlgorithms.Sha256;
}
