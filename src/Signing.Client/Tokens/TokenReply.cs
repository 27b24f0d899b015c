namespace Signing.Client;

/// <summary>Holds what became of one call of a token endpoint: a grant, or why there is none.</summary>
/// <param name="Grant">What was granted; otherwise the rest says why not.</param>
/// <param name="Problem">A sentence for a message, without anything the server wrote.</param>
/// <param name="Error">The error code of RFC 6749 §5.2.</param>
/// <param name="IsPermanent">Whether the same call cannot succeed with the same options.</param>
/// <param name="RetryAfter">How long the server wants to be left alone.</param>
/// <param name="MayHaveArrived">Whether no answer came although the server may have acted.</param>
/// <param name="Cause">The exception, if there was one.</param>
/// <param name="Code">The code of our own server, which says more than <paramref name="Error"/>; <see langword="null"/> if there was none.</param>
internal sealed record TokenReply(
    TokenGrant? Grant,
    string Problem = "",
    string? Error = null,
    bool IsPermanent = false,
    TimeSpan? RetryAfter = null,
    bool MayHaveArrived = false,
    Exception? Cause = null,
    string? Code = null)
{
    /// <summary>What a server answers that has revoked a token, or never knew it (RFC 7009 §2.2).</summary>
    public static readonly TokenReply Revoked = new(null, "Revoked.");

    public const string InvalidGrant = "invalid_grant";

    public bool IsInvalidGrant => Error == InvalidGrant;

    public static TokenReply Malformed(string problem) => new(null, $"The token endpoint gave an answer that cannot be used: {problem}");

    public override string ToString() => Grant is null ? Problem : nameof(TokenGrant);
}
