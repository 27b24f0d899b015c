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
    TokenEndpointOptions options, TokenOptions tokens, TokenIssuer issuer, ISharingKeySource sharing, ClientAuthentication clients, TokenLimits limits,
    TokenMetrics metrics, ILogger logger)
{
    private const string AuthenticateOperation = "authenticate";
    private const string ClientCredentials = "client_credentials";
    private const string RefreshToken = "refresh_token";

    private readonly CredentialFormat _apiTokens = new(tokens.Prefix);

    public Task LogInAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadJsonAsync, LogInAsync);

    public Task RefreshAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadJsonAsync, RefreshAsync);

    public Task TokenAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadFormAsync, (context, request) => request.GrantType switch
    {
        ClientCredentials => LogInAsync(context, request),
        RefreshToken => RefreshAsync(context, request),
        null => RefuseAsync(context, OAuthError.GrantTypeMissing),
        _ => RefuseAsync(context, OAuthError.GrantTypeUnknown),
    });

    public Task RevokeAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadFormAsync, RevokeAsync);

    public Task IntrospectAsync(HttpContext context) => AnswerAsync(context, TokenRequestBody.ReadFormAsync, IntrospectAsync);

    private async Task AnswerAsync(
        HttpContext context, Func<HttpContext, ValueTask<(TokenRequest? Request, OAuthError? Error)>> read, Func<HttpContext, TokenRequest, Task> answer)
    {
        OAuthAnswer.ForbidStoring(context.Response);

        // 1
        if (limits.Enter(context) is { } wait)
        {
            await RefuseClientAsync(context, OAuthError.RateLimited, wait).ConfigureAwait(false);
            return;
        }

        // 2
        (TokenRequest? request, OAuthError? error) = await read(context).ConfigureAwait(false);
        await (error is null ? answer(context, request!) : RefuseAsync(context, error)).ConfigureAwait(false);
    }

    private async Task LogInAsync(HttpContext context, TokenRequest request)
    {
        if (await ProveAsync(context, request, isRequired: true).ConfigureAwait(false) is not { Client: { } client })
        {
            return;
        }

        if (RequestedScopes.Read(request.Scope, client, out OAuthError? error) is not { } scopes)
        {
            await RefuseAsync(context, error!).ConfigureAwait(false);
            return;
        }

        var login = new LogIn(client, scopes) { WithRefreshToken = request.GrantType != ClientCredentials || options.RefreshTokenWithClientCredentials };
        if (request.SharingKey is not null)
        {
            (SharingKey? key, error) = await FindSharingKeyAsync(request.SharingKey, context.RequestAborted).ConfigureAwait(false);
            if (key is null)
            {
                await RefuseAsync(context, error!).ConfigureAwait(false);
                return;
            }

            login = login with { WorkspaceId = key.GrantorWorkspaceId, SharingKeyId = key.Id };
        }

        // 6
        IssuedTokens issued = await issuer.LogInAsync(login, context.RequestAborted).ConfigureAwait(false);
        if (issued.Verdict.IsValid && login.SharingKeyId is not null)
        {
            Log.SharingKeyUsed(logger, client.Key, client.WorkspaceId, login.SharingKeyId, login.WorkspaceId);
        }

        await AnswerAsync(context, issued).ConfigureAwait(false);
    }

    private async Task RefreshAsync(HttpContext context, TokenRequest request)
    {
        if (request.RefreshToken is null)
        {
            await RefuseAsync(context, OAuthError.RefreshTokenMissing).ConfigureAwait(false);
            return;
        }

        // 3 and 4: what has no MAC of ours never reaches the store of grants.
        TokenStatus status = issuer.Verifier.Read(TokenKind.Refresh, request.RefreshToken, out TokenContent token);
        if (await ProveAsync(context, request, isRequired: !options.AllowRefreshWithoutClient).ConfigureAwait(false) is not { Error: null } proof)
        {
            return;
        }

        if (status != TokenStatus.Valid)
        {
            await RefuseAsync(context, OAuthError.OfGrant(TokenOutcome.Of(status))).ConfigureAwait(false);
            return;
        }

        // 6
        await AnswerAsync(context, await issuer.RefreshAsync(token, proof.Client, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task RevokeAsync(HttpContext context, TokenRequest request)
    {
        if (request.Token is null)
        {
            await RefuseAsync(context, OAuthError.TokenMissing).ConfigureAwait(false);
            return;
        }

        if (await ProveAsync(context, request, isRequired: !options.AllowRefreshWithoutClient).ConfigureAwait(false) is not { Error: null } proof)
        {
            return;
        }

        if (_apiTokens.Begins(request.Token, CredentialTextKind.ApiToken))
        {
            await RefuseAsync(context, OAuthError.TokenTypeUnknown).ConfigureAwait(false);
            return;
        }

        // RFC 7009 §2.2: a token that is none does not work, and that is all that the client wants.
        TokenContent token = ReadAny(request.Token);
        if (token.Kind == TokenKind.None)
        {
            await OAuthAnswer.NothingAsync(context).ConfigureAwait(false);
            return;
        }

        TokenVerdict verdict = await issuer.RevokeAsync(token, proof.Client, context.RequestAborted).ConfigureAwait(false);
        await (verdict.Status is TokenStatus.Valid or TokenStatus.UnknownGrant
            ? OAuthAnswer.NothingAsync(context)
            : RefuseAsync(context, OAuthError.OfGrant(verdict.Outcome))).ConfigureAwait(false);
    }

    private async Task IntrospectAsync(HttpContext context, TokenRequest request)
    {
        if (request.Token is null)
        {
            await RefuseAsync(context, OAuthError.TokenMissing).ConfigureAwait(false);
            return;
        }

        if (await ProveAsync(context, request, isRequired: true).ConfigureAwait(false) is not { Client: { } client })
        {
            return;
        }

        TokenVerdict verdict = await issuer.Verifier.IntrospectAsync(request.Token, context.RequestAborted).ConfigureAwait(false);
        if (verdict.Outcome.HttpStatus == StatusCodes.Status503ServiceUnavailable)
        {
            await RefuseAsync(context, OAuthError.OfGrant(verdict.Outcome)).ConfigureAwait(false);
            return;
        }

        // RFC 7662 §2.2: whoever may not know about a token is told that it is not active.
        bool mayKnow = verdict.Grant?.ClientKey == client.Key || client.Scopes.Contains(options.IntrospectionScope, StringComparer.Ordinal);
        await OAuthAnswer.IntrospectionAsync(context, mayKnow ? verdict : default, tokens.Issuer!).ConfigureAwait(false);
    }

    // 4 and 5. Gives null where it has answered.
    private async ValueTask<ClientProof?> ProveAsync(HttpContext context, TokenRequest request, bool isRequired)
    {
        ClientProof proof = await clients.ProveAsync(context, request).ConfigureAwait(false);
        OAuthError? error = proof.Error;
        if (proof.Client is null && error is null && isRequired)
        {
            error = OAuthError.ClientMissing;
        }

        if (error is not null)
        {
            if (proof.Signature is not null)
            {
                // What our own clients learn from: the clock, the challenge, and what is to be covered.
                SignatureChallenge.WriteHead(context, clients.Signatures, proof.Signature, SignatureChallenge.Told(proof.Signature.Outcome));
            }

            await RefuseClientAsync(context, error).ConfigureAwait(false);
            return null;
        }

        if (proof.Client is not null && limits.Enter(proof.Client) is { } wait)
        {
            await RefuseClientAsync(context, OAuthError.RateLimited, wait).ConfigureAwait(false);
            return null;
        }

        return proof;
    }

    private async ValueTask<(SharingKey? Key, OAuthError? Error)> FindSharingKeyAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            SharingKey? key = await sharing.FindAsync(TokenHash.Of(text), cancellationToken).ConfigureAwait(false);
            return key is null ? (null, OAuthError.OfGrant(TokenOutcome.Of(TokenStatus.SharingKeyRefused))) : (key, null);
        }
        catch (Exception exception) when (!TokenVerifier.IsCancelled(exception, cancellationToken))
        {
            Log.CredentialSourceFailed(logger, options.SignatureScheme, exception);
            return (null, OAuthError.StoreUnavailable);
        }
    }

    private TokenContent ReadAny(string text)
    {
        TokenStatus status = issuer.Verifier.Read(TokenKind.Refresh, text, out TokenContent token);
        if (status is not (TokenStatus.Valid or TokenStatus.Expired))
        {
            issuer.Verifier.Read(TokenKind.Access, text, out token);
        }

        return token;
    }

    private Task AnswerAsync(HttpContext context, IssuedTokens issued)
    {
        if (issued.Verdict.IsValid)
        {
            return OAuthAnswer.TokensAsync(context, issued);
        }

        Outcome reason = issued.Verdict.Outcome;
        return RefuseAsync(context, issued.Verdict.Status == TokenStatus.CredentialRefused ? OAuthError.OfClient(reason) : OAuthError.OfGrant(reason));
    }

    // Steps 1 and 4; what is refused later, the issuer counts.
    private Task RefuseClientAsync(HttpContext context, OAuthError error, TimeSpan? retryAfter = null)
    {
        string code = error.Code ?? error.Error;
        metrics.Count(AuthenticateOperation, code);
        Log.TokenRequestRefused(logger, code);
        return RefuseAsync(context, error, retryAfter);
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, TimeSpan? retryAfter = null) =>
        OAuthAnswer.ErrorAsync(context, error, tokens.Issuer!, retryAfter);
}
