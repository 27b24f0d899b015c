namespace Signing.AspNetCore;

/// <summary>Configures how the content of a request is checked against its digest.</summary>
public sealed class SignatureBodyOptions
{
    /// <summary>The default of <see cref="MaxBytes"/>: 1 MiB.</summary>
    public const long DefaultMaxBytes = 1024 * 1024;

    /// <summary>How many bytes of content are read and kept in memory to check the digest; 1 MiB unless set.</summary>
    /// <remarks>
    /// A longer content is refused as <c>body_too_large</c>, whether it announces its length or comes in chunks. Only a
    /// request whose MAC was verified is read at all. Kestrel's own limit, 30 MB unless set, holds besides.
    /// </remarks>
    public long MaxBytes { get; set; } = DefaultMaxBytes;
}
