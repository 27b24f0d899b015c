using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Issues tokens at a login, exchanges them at a refresh, and revokes their grants.</summary>
internal sealed class TokenIssuer(
    TokenOptions options, IGrantStore store, TokenKeys keys, TokenVerifier verifier, TimeProvider time, TokenMetrics metrics, ILogger logger)
{
    private const string LogInOperation = "login";
    private const string RefreshOperation = "refresh";
    private const string RevokeOperation = "revoke";

    public TokenVerifier Verifier => verifier;

    /// <summary>Stores a grant for a client that is authenticated, and makes its first tokens.</summary>
    public async ValueTask<IssuedTokens> LogInAsync(LogIn login, CancellationToken cancellationToken)
    {
        using Activity? activity = SigningMetrics.Source.StartActivity("signing." + LogInOperation);
        Grant grant = GrantOf(login, time.GetUtcNow());
        IssuedTokens tokens;
        try
        {
            tokens = await LogInAsync(grant, login.Client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            tokens = new IssuedTokens(verifier.StoreFailed(exception));
        }

        Report(LogInOperation, tokens.Verdict, activity);
        return tokens;
    }

    /// <summary>Exchanges a refresh token whose MAC <see cref="TokenVerifier.Read"/> has verified.</summary>
    /// <param name="refresh">What the refresh token says.</param>
    /// <param name="client">The credential that the caller has proved; <see langword="null"/> only where the refresh token alone is enough.</param>
    /// <param name="cancellationToken">Ends the wait; the same call then converges on the same successor.</param>
    public async ValueTask<IssuedTokens> RefreshAsync(TokenContent refresh, Credential? client, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(refresh.Kind, TokenKind.Refresh, nameof(refresh));
        using Activity? activity = SigningMetrics.Source.StartActivity("signing." + RefreshOperation);
        IssuedTokens tokens;
        try
        {
            tokens = await RefreshCoreAsync(refresh, client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            tokens = new IssuedTokens(verifier.StoreFailed(exception, refresh));
        }

        Report(RefreshOperation, tokens.Verdict, activity);
        return tokens;
    }

    /// <summary>Revokes the grant that a token of either kind stands for; a grant that is revoked already stays so, and counts as success.</summary>
    /// <param name="token">What the token says, expired or not.</param>
    /// <param name="client">The credential that the caller has proved; <see langword="null"/> only where the token alone is enough.</param>
    /// <param name="cancellationToken">Ends the wait; the grant may be revoked nevertheless.</param>
    public async ValueTask<TokenVerdict> RevokeAsync(TokenContent token, Credential? client, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(token.Kind, TokenKind.None, nameof(token));
        using Activity? activity = SigningMetrics.Source.StartActivity("signing." + RevokeOperation);
        TokenVerdict verdict;
        try
        {
            verdict = await RevokeCoreAsync(token, client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            verdict = verifier.StoreFailed(exception, token);
        }

        Report(RevokeOperation, verdict, activity);
        return verdict;
    }

    private async ValueTask<IssuedTokens> LogInAsync(Grant grant, Credential client, CancellationToken cancellationToken)
    {
        TokenVerdict verdict = await verifier.RecheckAsync(grant, client, default, cancellationToken).ConfigureAwait(false);
        if (!verdict.IsValid)
        {
            return new IssuedTokens(verdict);
        }

        grant = grant.Narrow(Permitted(grant, client, verdict.SharedScopes));
        verdict = verdict with { Grant = grant };
        GrantInsertion insertion = await store.InsertAsync(grant, cancellationToken).ConfigureAwait(false);
        if (insertion != GrantInsertion.Inserted)
        {
            return new IssuedTokens(verdict with
            {
                Status = insertion == GrantInsertion.QuotaExceeded ? TokenStatus.GrantQuotaExceeded : TokenStatus.GrantStoreUnavailable,
            });
        }

        logger.LoggedIn(grant.ClientKey, grant);
        return Issue(verdict, from: grant.RotatedAt);
    }

    private async ValueTask<IssuedTokens> RefreshCoreAsync(TokenContent refresh, Credential? client, CancellationToken cancellationToken)
    {
        Grant? grant = await store.FindAsync(refresh.GrantId, cancellationToken).ConfigureAwait(false);
        if (RefusalOf(grant, client) is var refusal and not TokenStatus.Valid)
        {
            return new IssuedTokens(new TokenVerdict(refusal, Content: refresh, Grant: grant));
        }

        TokenVerdict verdict = await verifier.RecheckAsync(grant!, client, refresh, cancellationToken).ConfigureAwait(false);
        if (!verdict.IsValid)
        {
            return new IssuedTokens(verdict);
        }

        var terms = new GrantTerms(
            keys.Current.CurrentVersion, options.AccessLifetime, options.RefreshLifetime, Permitted(grant!, verdict.Credential!, verdict.SharedScopes));
        GrantRotation rotation = await store.TryRotateAsync(grant!.Id, refresh.Sequence, terms, cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(rotation, verdict with { Grant = rotation.Grant }, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IssuedTokens> AnswerAsync(GrantRotation rotation, TokenVerdict verdict, CancellationToken cancellationToken)
    {
        Grant? grant = rotation.Grant;
        switch (rotation.Status)
        {
            case GrantRotationStatus.Rotated:
                logger.Refreshed(grant!.ClientKey, grant, grant.Sequence);
                return await IssueAsync(verdict, from: grant.RotatedAt, cancellationToken).ConfigureAwait(false);
            case GrantRotationStatus.SameSuccessor:
                logger.RefreshRepeated(grant!.ClientKey, grant, grant.Sequence);
                return await IssueAsync(verdict, from: time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            case GrantRotationStatus.Reused:
                logger.RefreshReused(grant!.ClientKey, grant, verdict.Content.Sequence, grant.Sequence);
                metrics.CountRevoked(RevocationReason.RefreshReused);
                return new IssuedTokens(verdict with { Status = TokenStatus.RefreshReused });
            case GrantRotationStatus.Revoked:
                return new IssuedTokens(verdict with { Status = TokenVerifier.RefusalOf(grant!) });
            case GrantRotationStatus.Expired:
                return new IssuedTokens(verdict with { Status = TokenStatus.Expired });
            case GrantRotationStatus.Unknown:
                return new IssuedTokens(verdict with { Status = TokenStatus.UnknownGrant });
            default:
                return new IssuedTokens(verdict with { Status = TokenStatus.GrantStoreUnavailable });
        }
    }

    private async ValueTask<TokenVerdict> RevokeCoreAsync(TokenContent token, Credential? client, CancellationToken cancellationToken)
    {
        Grant? grant = await store.FindAsync(token.GrantId, cancellationToken).ConfigureAwait(false);
        if (RefusalOf(grant, client) is var refusal and (TokenStatus.UnknownGrant or TokenStatus.AnotherClient))
        {
            return new TokenVerdict(refusal, Content: token, Grant: grant);
        }

        if (await store.RevokeAsync(grant!.Id, RevocationReason.Holder, cancellationToken).ConfigureAwait(false))
        {
            logger.GrantRevoked(grant.ClientKey, grant, RevocationReason.Holder);
            metrics.CountRevoked(RevocationReason.Holder);
        }

        return new TokenVerdict(TokenStatus.Valid, Content: token, Grant: grant);
    }

    // The client comes first: to another one, a grant does not even say that it is revoked.
    private static TokenStatus RefusalOf(Grant? grant, Credential? client)
    {
        if (grant is null)
        {
            return TokenStatus.UnknownGrant;
        }

        if (client is not null && (client.Key != grant.ClientKey || client.Id != grant.CredentialId))
        {
            return TokenStatus.AnotherClient;
        }

        return grant.IsRevoked ? TokenVerifier.RefusalOf(grant) : TokenStatus.Valid;
    }

    private async ValueTask<IssuedTokens> IssueAsync(TokenVerdict verdict, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (verdict.Grant!.KeyVersion > keys.Current.CurrentVersion)
        {
            // Another node has rotated the master key, and this one has not heard of it yet.
            await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        return Issue(verdict, from);
    }

    // Scopes that were taken from the client, or from the sharing key, are gone from the next tokens.
    private static IReadOnlyList<string> Permitted(Grant grant, Credential client, IReadOnlyList<string>? shared) =>
        [.. grant.Scopes.Where(scope => Has(client.Scopes, scope) && (shared is null || Has(shared, scope)))];

    private static bool Has(IReadOnlyList<string> scopes, string scope) => scopes.Contains(scope, StringComparer.Ordinal);

    private IssuedTokens Issue(in TokenVerdict verdict, DateTimeOffset from)
    {
        Grant grant = verdict.Grant!;
        return new IssuedTokens(verdict)
        {
            AccessToken = Write(TokenKind.Access, grant, grant.AccessExpires),
            RefreshToken = grant.RefreshExpires is { } expires ? Write(TokenKind.Refresh, grant, expires) : null,

            // An answer that is given again may come after its access token has ended. To clients, 0 is no answer, or a token
            // without end; with 1 they go on to the refresh token.
            ExpiresIn = (int)Math.Max(1, (grant.AccessExpires - from).TotalSeconds),
        };
    }

    private string Write(TokenKind kind, Grant grant, DateTimeOffset expires) =>
        verifier.Format.Write(new TokenContent(kind, grant.Id, grant.Sequence, expires, grant.KeyVersion), keys.Current);

    private Grant GrantOf(LogIn login, DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        RandomNumberGenerator.Fill(id);
        return new Grant
        {
            Id = BinaryPrimitives.ReadUInt128BigEndian(id),
            ClientKey = login.Client.Key,
            CredentialId = login.Client.Id,
            ApplicationId = login.Client.ApplicationId,
            ActingWorkspaceId = login.Client.WorkspaceId,
            WorkspaceId = login.WorkspaceId ?? login.Client.WorkspaceId,
            SharingKeyId = login.SharingKeyId,
            Scopes = login.Scopes,
            KeyVersion = keys.Current.CurrentVersion,
            Issued = now,
            RotatedAt = now,
            AccessExpires = GrantTerms.EndOf(now, options.AccessLifetime),
            RefreshExpires = login.WithRefreshToken ? GrantTerms.EndOf(now, options.RefreshLifetime) : null,
        };
    }

    private void Report(string operation, in TokenVerdict verdict, Activity? activity)
    {
        metrics.Count(operation, verdict.Outcome.Code);
        activity?.SetTag(SigningMetrics.StatusTag, verdict.Outcome.Code);
        if (!verdict.IsValid)
        {
            logger.TokenRefused(operation, verdict.Outcome.Code);
        }
    }
}
