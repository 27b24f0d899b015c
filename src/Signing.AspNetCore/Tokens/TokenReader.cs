using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Reads tokens: steps 1 to 3 of the <see cref="TokenVerifier"/>, and what comes before them where another node has just made the master key.</summary>
internal sealed class TokenReader(TokenOptions options, TokenKeys keys, TimeProvider time, ILogger logger)
{
    // A node that was away may have missed some rotations, but no such number as most made-up tokens name.
    private const int MostRotationsMissed = 16;

    public TokenFormat Format { get; } = new(options.Prefix);

    /// <summary>Reads a token of a kind with the keys that this node knows: constant work, no store.</summary>
    /// <param name="kind">The kind that belongs here.</param>
    /// <param name="token">What was presented.</param>
    /// <param name="now">The time, in UTC.</param>
    /// <param name="content">What the token says if it is <see cref="TokenStatus.Valid"/> or <see cref="TokenStatus.Expired"/>, else empty.</param>
    public TokenStatus Read(TokenKind kind, ReadOnlySpan<char> token, DateTimeOffset now, out TokenContent content) => Read(kind, token, now, out content, out _);

    /// <summary>The same, and says whether a token that is refused as <see cref="TokenStatus.TamperedToken"/> may be of a master key that another node has made since.</summary>
    /// <param name="kind">The kind that belongs here.</param>
    /// <param name="token">What was presented.</param>
    /// <param name="now">The time, in UTC.</param>
    /// <param name="content">What the token says if it is <see cref="TokenStatus.Valid"/> or <see cref="TokenStatus.Expired"/>, else empty.</param>
    /// <param name="mayBeOfLaterKey">Whether to ask the store for later keys, and then to read again.</param>
    public TokenStatus Read(TokenKind kind, ReadOnlySpan<char> token, DateTimeOffset now, out TokenContent content, out bool mayBeOfLaterKey)
    {
        // Later than the keys that refused it: others may have come since, and it may be of one of those.
        TokenKeySet known = keys.Current;
        TokenStatus status = Format.Read(kind, token, known, now, out content);
        mayBeOfLaterKey = status == TokenStatus.TamperedToken && keys.HasOtherNodes
            && (long)Format.VersionOf(kind, token) - known.CurrentVersion is > 0 and <= MostRotationsMissed;
        return status;
    }

    /// <summary>Reads a token of a kind, and asks the store for later keys where it names one.</summary>
    /// <returns>What reading gives, or <see cref="TokenStatus.GrantStoreUnavailable"/> where nobody can tell yet whether there is such a key.</returns>
    public async ValueTask<(TokenStatus Status, TokenContent Content)> ReadAsync(TokenKind kind, string token, CancellationToken cancellationToken)
    {
        TokenStatus status = Read(kind, token, time.GetUtcNow(), out TokenContent content, out bool mayBeOfLaterKey);
        if (!mayBeOfLaterKey)
        {
            return (status, content);
        }

        bool isKnown;
        try
        {
            isKnown = await keys.TryFollowAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            logger.GrantStoreFailed(exception);
            return (TokenStatus.GrantStoreUnavailable, default);
        }

        status = Read(kind, token, time.GetUtcNow(), out content, out mayBeOfLaterKey);
        return mayBeOfLaterKey && !isKnown ? (TokenStatus.GrantStoreUnavailable, default) : (status, content);
    }
}
