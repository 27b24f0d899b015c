using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>The endpoints that issue, refresh, revoke and introspect tokens.</summary>
/// <remarks>
/// <code>
/// 1 limit of the address ─ 2 parameters ─ 3 token's MAC ─ 4 client ┃ 5 limit of the client ─ 6 grant
///                                               anybody gets here ┃ only a client does
/// </code>
/// </remarks>
internal sealed class TokenEndpoints(
    TokenEndpointOptions options, TokenOptions tokens, TokenIssuer issuer, ISharingKeySource sharing, SharingKeyAudit audit, TokenGate gate, LastUses uses, TimeProvider time,
    ILogger logger)
{
    private const string ClientCredentials = "client_credentials";
    private const string RefreshToken = "refresh_token";

    private readonly CredentialFormat _apiTokens = new(tokens.Prefix);
    private readonly CredentialLookUp _lookUp = new(exception => Log.CredentialSourceFailed(logger, options.SignatureScheme, exception));

    public Task LogInAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadJsonAsync, LogInAsync);

    public Task RefreshAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadJsonAsync, RefreshAsync);

    public Task TokenAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadFormAsync, (context, request) => request.GrantType switch
    {
        ClientCredentials => LogInAsync(context, request),
        RefreshToken => RefreshAsync(context, request),
        null => gate.RefuseAsync(context, OAuthError.GrantTypeMissing),
        _ => gate.RefuseAsync(context, OAuthError.GrantTypeUnknown),
    });

    public Task RevokeAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadFormAsync, RevokeAsync);

    public Task IntrospectAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadFormAsync, IntrospectAsync);

    private async Task AnswerAsync(
        HttpContext context, Func<HttpContext, ValueTask<(TokenRequest? Request, OAuthError? Error)>> read, Func<HttpContext, TokenRequest, Task> answer)
    {
        OAuthAnswer.ForbidStoring(context.Response);

        // 1
        if (!await gate.EnterAsync(context).ConfigureAwait(false))
        {
            return;
        }

        // 2
        (TokenRequest? request, OAuthError? error) = await read(context).ConfigureAwait(false);
        await (error is null ? answer(context, request!) : gate.RefuseAsync(context, error)).ConfigureAwait(false);
    }

    private async Task LogInAsync(HttpContext context, TokenRequest request)
    {
        if (await gate.ProveAsync(context, request, isRequired: true).ConfigureAwait(false) is not { Client: { } client })
        {
            return;
        }

        if (RequestedScopes.Read(request.Scope, client, out OAuthError? error) is not { } scopes)
        {
            await gate.RefuseAsync(context, error!).ConfigureAwait(false);
            return;
        }

        var login = new LogIn(client, scopes) { WithRefreshToken = request.GrantType != ClientCredentials || options.RefreshTokenWithClientCredentials };
        if (request.SharingKey is not null)
        {
            (SharingKey? key, error) = await FindSharingKeyAsync(request.SharingKey, context.RequestAborted).ConfigureAwait(false);
            if (key is null)
            {
                await gate.RefuseAsync(context, error!).ConfigureAwait(false);
                return;
            }

            login = login with { WorkspaceId = key.GrantorWorkspaceId, SharingKeyId = key.Id };
        }

        // 6
        IssuedTokens issued = await issuer.LogInAsync(login, context.RequestAborted).ConfigureAwait(false);
        if (issued.Verdict.IsValid && login.SharingKeyId is not null && !await audit.TryNoteAsync(context, login).ConfigureAwait(false))
        {
            await gate.RefuseAsync(context, OAuthError.StoreUnavailable).ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, issued).ConfigureAwait(false);
    }

    private async Task RefreshAsync(HttpContext context, TokenRequest request)
    {
        if (request.RefreshToken is null)
        {
            await gate.RefuseAsync(context, OAuthError.RefreshTokenMissing).ConfigureAwait(false);
            return;
        }

        // 3 and 4: what has no MAC of ours never reaches the store of grants.
        (TokenStatus status, TokenContent token) = await issuer.Verifier.ReadAsync(TokenKind.Refresh, request.RefreshToken, context.RequestAborted).ConfigureAwait(false);
        if (await gate.ProveAsync(context, request, isRequired: !options.AllowRefreshWithoutClient).ConfigureAwait(false) is not { Error: null } proof)
        {
            return;
        }

        if (status != TokenStatus.Valid)
        {
            await gate.RefuseAsync(context, OAuthError.OfGrant(TokenOutcome.Of(status))).ConfigureAwait(false);
            return;
        }

        // 6
        await AnswerAsync(context, await issuer.RefreshAsync(token, proof.Client, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task RevokeAsync(HttpContext context, TokenRequest request)
    {
        if (request.Token is null)
        {
            await gate.RefuseAsync(context, OAuthError.TokenMissing).ConfigureAwait(false);
            return;
        }

        if (await gate.ProveAsync(context, request, isRequired: !options.AllowRefreshWithoutClient).ConfigureAwait(false) is not { Error: null } proof)
        {
            return;
        }

        if (_apiTokens.Begins(request.Token, CredentialTextKind.ApiToken))
        {
            await gate.RefuseAsync(context, OAuthError.TokenTypeUnknown).ConfigureAwait(false);
            return;
        }

        (TokenStatus status, TokenContent token) = await ReadAnyAsync(request.Token, context.RequestAborted).ConfigureAwait(false);
        if (status == TokenStatus.GrantStoreUnavailable)
        {
            await gate.RefuseAsync(context, OAuthError.OfGrant(TokenOutcome.Of(status))).ConfigureAwait(false);
            return;
        }

        // RFC 7009 §2.2: a token that is none does not work, and that is all that the client wants.
        if (token.Kind == TokenKind.None)
        {
            await OAuthAnswer.NothingAsync(context).ConfigureAwait(false);
            return;
        }

        TokenVerdict verdict = await issuer.RevokeAsync(token, proof.Client, context.RequestAborted).ConfigureAwait(false);

        // RFC 7009 §2.1: that a token is another client's is told, but not of one that has ended: it would tell whether the login goes on.
        bool isNothing = verdict.Status is TokenStatus.Valid or TokenStatus.UnknownGrant || (verdict.Status == TokenStatus.AnotherClient && status == TokenStatus.Expired);
        await (isNothing
            ? OAuthAnswer.NothingAsync(context)
            : gate.RefuseAsync(context, OAuthError.OfGrant(verdict.Outcome))).ConfigureAwait(false);
    }

    private async Task IntrospectAsync(HttpContext context, TokenRequest request)
    {
        if (request.Token is null)
        {
            await gate.RefuseAsync(context, OAuthError.TokenMissing).ConfigureAwait(false);
            return;
        }

        if (await gate.ProveAsync(context, request, isRequired: true).ConfigureAwait(false) is not { Client: { } client })
        {
            return;
        }

        // RFC 7662 §2.2: whoever may not know about a token is told that it is not active.
        bool mayKnowAll = client.Scopes.Contains(options.IntrospectionScope, StringComparer.Ordinal);
        TokenVerdict verdict = await issuer.Verifier.IntrospectAsync(request.Token, grant => mayKnowAll || grant.ClientKey == client.Key, context.RequestAborted).ConfigureAwait(false);
        if (verdict.Outcome.HttpStatus == StatusCodes.Status503ServiceUnavailable)
        {
            await gate.RefuseAsync(context, OAuthError.OfGrant(verdict.Outcome)).ConfigureAwait(false);
            return;
        }

        await OAuthAnswer.IntrospectionAsync(context, verdict, tokens.Issuer!).ConfigureAwait(false);
    }

    private async ValueTask<(SharingKey? Key, OAuthError? Error)> FindSharingKeyAsync(string text, CancellationToken cancellationToken)
    {
        SourceAnswer<SharingKey> found = await _lookUp.FindAsync(sharing.FindAsync, TokenHash.Of(text), cancellationToken).ConfigureAwait(false);
        if (found.IsUnavailable)
        {
            return (null, OAuthError.StoreUnavailable);
        }

        return found.Row is null ? (null, OAuthError.OfGrant(TokenOutcome.Of(TokenStatus.SharingKeyRefused))) : (found.Row, null);
    }

    private async ValueTask<(TokenStatus Status, TokenContent Token)> ReadAnyAsync(string text, CancellationToken cancellationToken)
    {
        (TokenStatus status, TokenContent token) = await issuer.Verifier.ReadAsync(TokenKind.Refresh, text, cancellationToken).ConfigureAwait(false);
        return status == TokenStatus.MalformedToken ? await issuer.Verifier.ReadAsync(TokenKind.Access, text, cancellationToken).ConfigureAwait(false) : (status, token);
    }

    private Task AnswerAsync(HttpContext context, IssuedTokens issued)
    {
        if (issued.Verdict.IsValid)
        {
            // A refresh may come without a proof of the client's own.
            DateTimeOffset now = time.GetUtcNow();
            uses.Note(issued.Verdict.Credential!, Credential.NoSecret, context, now);
            uses.NoteSharingKey(issued.Verdict.Grant!.SharingKeyId, context, now);
            return OAuthAnswer.TokensAsync(context, issued);
        }

        Outcome reason = issued.Verdict.Outcome;
        return gate.RefuseAsync(context, issued.Verdict.Status == TokenStatus.CredentialRefused ? OAuthError.OfClient(reason) : OAuthError.OfGrant(reason));
    }
}
