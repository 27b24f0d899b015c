using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Judges the tokens that are presented. Nothing reaches a store before the MAC is verified.</summary>
/// <remarks>
/// <code>
/// 1 format ─ 2 MAC ─ 3 expiry ┃ 4 grant ─ 5 credential ─ 6 sharing key ─ 7 note the use
///        anybody gets here    ┃ only the holder of a token does
/// </code>
/// </remarks>
internal sealed class TokenVerifier(
    TokenOptions options, IGrantStore store, TokenKeys keys, ICredentialSource credentials, TimeProvider time, TokenMetrics metrics, ILogger logger,
    SharingKeyCheck? sharing = null)
{
    private readonly TokenReader _reader = new(options, keys, time, logger);
    private readonly CredentialLookUp _lookUp = new(logger.CredentialSourceFailed);
    private readonly OutagePace _pace = new();

    public TokenFormat Format => _reader.Format;

    /// <summary>Takes steps 1 to 3 for a token of a kind with the keys that this node knows: constant work, no store.</summary>
    /// <param name="kind">The kind that belongs here.</param>
    /// <param name="token">What was presented.</param>
    /// <param name="content">What the token says if it is <see cref="TokenStatus.Valid"/> or <see cref="TokenStatus.Expired"/>, else empty.</param>
    public TokenStatus Read(TokenKind kind, ReadOnlySpan<char> token, out TokenContent content) =>
        _reader.Read(kind, token, time.GetUtcNow(), out content);

    /// <summary>Takes steps 1 to 3 for a token of a kind, with a master key that another node has just made too.</summary>
    public ValueTask<(TokenStatus Status, TokenContent Content)> ReadAsync(TokenKind kind, string token, CancellationToken cancellationToken) =>
        _reader.ReadAsync(kind, token, cancellationToken);

    /// <summary>Judges an access token; completes at once, without allocating, where grant and credential are in memory.</summary>
    public ValueTask<TokenVerdict> VerifyAccessAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        TokenStatus status = _reader.Read(TokenKind.Access, token, now, out TokenContent content, out bool mayBeOfLaterKey);
        if (mayBeOfLaterKey)
        {
            return ReadAndJudgeAsync(token.ToString(), cancellationToken);
        }

        if (status != TokenStatus.Valid)
        {
            return new ValueTask<TokenVerdict>(new TokenVerdict(status, Content: content));
        }

        return TryJudgeNow(content, now, out TokenVerdict verdict) ? new ValueTask<TokenVerdict>(verdict) : JudgeAccessAsync(content, cancellationToken);
    }

    /// <summary>Judges a token of any kind without exchanging it, whether it would be accepted where it belongs; of a grant that the caller may not know about nothing is judged, and no use is noted.</summary>
    public async ValueTask<TokenVerdict> IntrospectAsync(string token, Func<Grant, bool> mayKnow, CancellationToken cancellationToken)
    {
        (TokenStatus status, TokenContent content) = await ReadAsync(TokenKind.Refresh, token, cancellationToken).ConfigureAwait(false);
        bool isAccess = status == TokenStatus.MalformedToken;
        (status, content) = isAccess ? await ReadAsync(TokenKind.Access, token, cancellationToken).ConfigureAwait(false) : (status, content);
        if (status != TokenStatus.Valid)
        {
            return new TokenVerdict(status, Content: content);
        }

        try
        {
            Grant? grant = await store.FindAsync(content.GrantId, cancellationToken).ConfigureAwait(false);
            if (grant is null || !mayKnow(grant))
            {
                return new TokenVerdict(grant is null ? TokenStatus.UnknownGrant : TokenStatus.AnotherClient, Content: content);
            }

            // The rule of a refresh is asked and its answer thrown away: looking is not using.
            return isAccess ? await JudgeAccessAsync(content, cancellationToken).ConfigureAwait(false)
                : grant.IsRevoked ? RefusalOf(grant, content)
                : grant.Rotate(content.Sequence, default, time.GetUtcNow()).Status is GrantRotationStatus.Rotated or GrantRotationStatus.SameSuccessor
                    ? await RecheckAsync(grant, client: null, content, cancellationToken).ConfigureAwait(false)
                    : new TokenVerdict(TokenStatus.Expired, Content: content, Grant: grant);
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            return StoreFailed(exception, content);
        }
    }

    /// <summary>Takes steps 5 and 6 for a grant: what it rests on must hold now.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="client">The credential if it is known already; else it is looked up.</param>
    /// <param name="content">What the token says.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<TokenVerdict> RecheckAsync(Grant grant, Credential? client, TokenContent content, CancellationToken cancellationToken)
    {
        SourceAnswer<Credential> found = client is null
            ? await _lookUp.FindAsync(credentials.FindAsync, grant.ClientKey, cancellationToken).ConfigureAwait(false)
            : SourceAnswer<Credential>.Of(client);
        TokenVerdict verdict = JudgeClient(grant, found, content, time.GetUtcNow());
        if (verdict.IsValid && grant.SharingKeyId is not null)
        {
            SharingKeyVerdict shared = sharing is null
                ? new(TokenStatus.SharingKeyRefused)
                : await sharing(grant, verdict.Credential!, cancellationToken).ConfigureAwait(false);
            verdict = verdict with { Status = shared.Status, SharedScopes = shared.Scopes };
        }

        if (EndsGrant(verdict))
        {
            // A key that is revoked, or a side that is suspended, ends what was shared for good.
            await EndAsync(grant, cancellationToken).ConfigureAwait(false);
        }

        return verdict;
    }

    /// <summary>Says what the refusal of a revoked grant is.</summary>
    public static TokenStatus RefusalOf(Grant revoked) =>
        revoked.RevokedFor == RevocationReason.RefreshReused ? TokenStatus.RefreshReused : TokenStatus.Revoked;

    public TokenVerdict StoreFailed(Exception exception, TokenContent content = default)
    {
        // Whatever a store throws means that nobody knows how the grant stands.
        if (_pace.IsDue())
        {
            logger.GrantStoreFailed(exception);
        }

        return new TokenVerdict(TokenStatus.GrantStoreUnavailable, Content: content);
    }

    // False if anything is not in memory, has to be waited for or has to be written: then nothing is decided.
    private bool TryJudgeNow(in TokenContent content, DateTimeOffset now, out TokenVerdict verdict)
    {
        verdict = default;
        Grant? grant;
        try
        {
            if (!store.TryGetCached(content.GrantId, out grant))
            {
                return false;
            }
        }
        catch (Exception exception)
        {
            verdict = StoreFailed(exception, content);
            return true;
        }

        if (grant is null || grant.IsRevoked)
        {
            verdict = RefusalOf(grant, content);
            return true;
        }

        // Shared data, and what memory may not know, are judged by the other path, which may wait and write.
        if (grant.SharingKeyId is not null || MayBeBehind(grant, content))
        {
            return false;
        }

        if (!_lookUp.TryFindNow(credentials, grant.ClientKey, out SourceAnswer<Credential> client))
        {
            return false;
        }

        verdict = JudgeClient(grant, client, content, now);
        return true;
    }

    private async ValueTask<TokenVerdict> ReadAndJudgeAsync(string token, CancellationToken cancellationToken)
    {
        (TokenStatus status, TokenContent content) = await ReadAsync(TokenKind.Access, token, cancellationToken).ConfigureAwait(false);
        return status == TokenStatus.Valid
            ? await JudgeAccessAsync(content, cancellationToken).ConfigureAwait(false)
            : new TokenVerdict(status, Content: content);
    }

    private async ValueTask<TokenVerdict> JudgeAccessAsync(TokenContent content, CancellationToken cancellationToken)
    {
        try
        {
            if (!store.TryGetCached(content.GrantId, out Grant? grant) || (grant is { IsRevoked: false } && MayBeBehind(grant, content)))
            {
                grant = await store.FindAsync(content.GrantId, cancellationToken).ConfigureAwait(false);
            }

            if (grant is null || grant.IsRevoked)
            {
                return RefusalOf(grant, content);
            }

            TokenVerdict verdict = await RecheckAsync(grant, client: null, content, cancellationToken).ConfigureAwait(false);
            if (verdict.IsValid && IsFirstUse(grant, content))
            {
                await store.MarkUsedAsync(grant.Id, content.Sequence, cancellationToken).ConfigureAwait(false);
            }

            return verdict;
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            return StoreFailed(exception, content);
        }
    }

    private async ValueTask EndAsync(Grant grant, CancellationToken cancellationToken)
    {
        if (await store.RevokeAsync(grant.Id, RevocationReason.Parent, cancellationToken).ConfigureAwait(false))
        {
            logger.GrantRevoked(grant.ClientKey, grant, RevocationReason.Parent);
            metrics.CountRevoked(RevocationReason.Parent);
        }
    }

    // Memory hears of revocations at once, but not of what another node has refreshed or seen used: only the store knows a
    // sequence that is new here, and whether its first use is one.
    private static bool MayBeBehind(Grant grant, in TokenContent content) => content.Sequence > grant.Sequence || IsFirstUse(grant, content);

    // The sequence of the login has no predecessor whose answer could be asked for again.
    private static bool IsFirstUse(Grant grant, in TokenContent content) =>
        !grant.IsUsed && grant.Sequence != 0 && content.Sequence == grant.Sequence;

    private static TokenVerdict RefusalOf(Grant? grant, in TokenContent content) =>
        new(grant is null ? TokenStatus.UnknownGrant : RefusalOf(grant), Content: content, Grant: grant);

    private TokenVerdict JudgeClient(Grant grant, in SourceAnswer<Credential> found, in TokenContent content, DateTimeOffset now)
    {
        if (found.IsUnavailable)
        {
            return new TokenVerdict(TokenStatus.CredentialRefused, found.Status, content, grant);
        }

        // Gone, or another credential under the same Key: the holder of a grant may know that theirs has ended.
        if (found.Row is not { } client || client.Id != grant.CredentialId)
        {
            return new TokenVerdict(TokenStatus.Revoked, CredentialStatus.UnknownKey, content, grant);
        }

        CredentialStatus status = client.Evaluate(now, options.Environment);
        TokenStatus answer = status switch
        {
            CredentialStatus.Valid => TokenStatus.Valid,
            CredentialStatus.Revoked => TokenStatus.Revoked,
            _ => TokenStatus.CredentialRefused,
        };
        return new TokenVerdict(answer, status, content, grant, client);
    }

    private static bool EndsGrant(in TokenVerdict verdict) =>
        verdict is { Grant.SharingKeyId: not null, IsValid: false }
        && (verdict.Status is TokenStatus.SharingKeyRefused or TokenStatus.Revoked
            || verdict.CredentialStatus is CredentialStatus.WorkspaceDisabled or CredentialStatus.ApplicationSuspended or CredentialStatus.Suspended);
}
