namespace Signing.AspNetCore;

/// <summary>One version of the master key that all tokens are made with, as a store keeps it: sealed by Data Protection.</summary>
/// <remarks>The bytes open only with the host's key ring and only as the version that they were sealed as.</remarks>
public sealed class SealedMasterKey
{
    /// <summary>The version, from 1 on; the highest one makes tokens, older ones are accepted for the lifetime of a refresh token.</summary>
    public required int Version { get; init; }

    /// <summary>The sealed key.</summary>
    public required byte[] Sealed { get; init; }

    /// <summary>When it was made, which is when the version before it ended.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Shows the version, never the bytes.</summary>
    /// <returns>The version.</returns>
    public override string ToString() => $"master key version {Version}";
}
