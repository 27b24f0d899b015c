namespace Signing.Client;

/// <summary>Says which signature an answer must have to be handed on.</summary>
public sealed class ResponseVerificationOptions
{
    /// <summary>The default of <see cref="MaxBytes"/>, in bytes: 1 MiB, which is also what the server signs by default.</summary>
    public const int DefaultMaxBytes = 1024 * 1024;

    /// <summary>Whether an answer must be signed for its request, with the key of the request; <see langword="false"/> by default, which does not look at signatures.</summary>
    /// <remarks>
    /// What is not signed so is never handed on: a <see cref="MessageSigningException"/> says why. That includes refusals, which a server does not sign:
    /// a 401 arrives as an exception too, unless the client learns from it, or gets another access token, and sends the request again. That it does only
    /// with methods that RFC 9110 §9.2.2 calls idempotent: who wrote a refusal that nothing proves may have had the request executed.
    /// </remarks>
    public bool Required { get; set; }

    /// <summary>What the signature must cover and carry, and how old it may be.</summary>
    /// <remarks>Make another of <c>new VerificationPolicy(MessageKind.Response)</c>.</remarks>
    public VerificationPolicy Policy { get; set; } = new(MessageKind.Response);

    /// <summary>Whether requests ask for the signature with <c>Accept-Signature</c>, unless they have such a header already; <see langword="true"/> by default, and without effect unless one is required.</summary>
    public bool Ask { get; set; } = true;

    /// <summary>How many bytes of content are read to check their digest, before any of it is handed on; from 0, and 1 MiB by default.</summary>
    /// <remarks>A longer answer is refused, whatever <see cref="System.Net.Http.HttpCompletionOption"/> it was asked for with.</remarks>
    public int MaxBytes { get; set; } = DefaultMaxBytes;
}
