namespace Signing.AspNetCore;

/// <summary>Configures how the responses to verified requests are signed; wrong values stop the host at start.</summary>
public sealed class ResponseSignatureOptions
{
    /// <summary>The default of <see cref="MaxBytes"/>: 1 MiB.</summary>
    public const int DefaultMaxBytes = 1024 * 1024;

    /// <summary>Which responses are signed: those of endpoints with <c>SignResponse()</c> unless set.</summary>
    public SignedResponses Sign { get; set; }

    /// <summary>What is covered and which parameters are set.</summary>
    /// <remarks>Make another of <c>new SigningPolicy(MessageKind.Response)</c>. An <c>Accept-Signature</c> of a request may add to it and never takes anything away.</remarks>
    public SigningPolicy Policy { get; set; } = new(MessageKind.Response);

    /// <summary>The algorithm of the <c>Content-Digest</c>, or both; <c>sha-256</c> unless set.</summary>
    public DigestAlgorithms Digest { get; set; } = DigestAlgorithms.Sha256;

    /// <summary>How many bytes of content are kept in memory until all of it is there and signed; 1 MiB unless set.</summary>
    /// <remarks>A longer content is sent whole, as it comes and without a signature, and a warning is logged: a caller who insists on signatures refuses it.</remarks>
    public int MaxBytes { get; set; } = DefaultMaxBytes;
}
