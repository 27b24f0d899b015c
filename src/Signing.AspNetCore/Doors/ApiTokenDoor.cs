using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Judges ApiTokens.</summary>
/// <remarks>
/// <code>
/// 1 format and checksum ─ 2 hash ─ 3 look-up ┃ 4 credential ─ 5 parent ─ 6 user
///                   anybody gets here ┃ only the holder of a token does
/// </code>
/// </remarks>
internal sealed class ApiTokenDoor(string scheme, ApiTokenOptions options, IApiTokenSource tokens, ICredentialSource credentials, ILogger logger)
    : TokenDoor(scheme, options, options.Header, options.Realm)
{
    private static readonly TokenAnswer Malformed = TokenAnswer.Refused(TokenOutcome.Of(TokenStatus.MalformedToken));

    private readonly CredentialFormat _format = new(options.Prefix);

    public override bool JoinsSignatures => false;

    public override ValueTask<TokenAnswer> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken)
    {
        // 1: a typing error costs no look-up.
        if (!_format.TryRead(token, out CredentialText parts) || parts.Kind != CredentialTextKind.ApiToken)
        {
            return new ValueTask<TokenAnswer>(Malformed);
        }

        // 2 and 3
        TokenHash hash = TokenHash.Of(token);
        try
        {
            if (tokens.TryGetCached(hash, out Credential? found) && TryJudgeNow(found, out TokenAnswer answer))
            {
                return new ValueTask<TokenAnswer>(answer);
            }
        }
        catch (Exception exception)
        {
            return new ValueTask<TokenAnswer>(SourceFailed(exception));
        }

        return JudgeAsync(hash, cancellationToken);
    }

    protected override bool IsOurs(ReadOnlySpan<char> text) => _format.Begins(text, CredentialTextKind.ApiToken);

    // False if the parent is not in memory.
    private bool TryJudgeNow(Credential? token, out TokenAnswer answer)
    {
        Credential? parent = null;
        if (token?.ParentKey is not null && !credentials.TryGetCached(token.ParentKey, out parent))
        {
            answer = default;
            return false;
        }

        answer = Judge(token, parent);
        return true;
    }

    private async ValueTask<TokenAnswer> JudgeAsync(TokenHash hash, CancellationToken cancellationToken)
    {
        try
        {
            Credential? token = await tokens.FindAsync(hash, cancellationToken).ConfigureAwait(false);
            Credential? parent = token?.ParentKey is null ? null : await credentials.FindAsync(token.ParentKey, cancellationToken).ConfigureAwait(false);
            return Judge(token, parent);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return SourceFailed(exception);
        }
    }

    private TokenAnswer Judge(Credential? token, Credential? parent)
    {
        if (token is null)
        {
            return TokenAnswer.Refused(CredentialOutcome.Of(CredentialStatus.UnknownKey));
        }

        // 4 and 5: a long-lived token ends with the KeyPair that it was made from.
        DateTimeOffset now = Time.GetUtcNow();
        if (IsRefused(token.Evaluate(now, options.Environment), out TokenAnswer refused))
        {
            return refused;
        }

        if (token.ParentKey is not null && IsRefused(parent?.Evaluate(now, options.Environment) ?? CredentialStatus.Revoked, out refused))
        {
            return refused;
        }

        // 6
        return TokenAnswer.Accepted(SignaturePrincipal.Of(token, Scheme, options.ClaimsIssuer), token.Key);
    }

    private static bool IsRefused(CredentialStatus status, out TokenAnswer refused)
    {
        refused = default;
        if (status == CredentialStatus.Valid)
        {
            return false;
        }

        // Unlike a revoked KeyPair, whose Secret is destroyed, a revoked token still proves its holder.
        refused = TokenAnswer.Refused(status == CredentialStatus.Revoked ? TokenOutcome.Of(TokenStatus.Revoked) : CredentialOutcome.Of(status));
        return true;
    }

    private TokenAnswer SourceFailed(Exception exception)
    {
        // Whatever a source throws means that nobody knows whose the token is: that is no answer about the caller.
        Log.CredentialSourceFailed(logger, Scheme, exception);
        return TokenAnswer.Refused(CredentialOutcome.Of(CredentialStatus.CredentialStoreUnavailable));
    }
}
