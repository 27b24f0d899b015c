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
    private readonly CredentialLookUp _lookUp = new(exception => Log.CredentialSourceFailed(logger, scheme, exception));

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
        return _lookUp.TryFindNow(tokens, hash, out SourceAnswer<Credential> found) && TryFindParentNow(found.Row, out SourceAnswer<Credential> parent)
            ? new ValueTask<TokenAnswer>(Judge(found, parent))
            : JudgeAsync(hash, cancellationToken);
    }

    protected override bool IsOurs(ReadOnlySpan<char> text) => _format.Begins(text, CredentialTextKind.ApiToken);

    // False if the parent is not in memory.
    private bool TryFindParentNow(Credential? token, out SourceAnswer<Credential> parent)
    {
        parent = default;
        return token?.ParentKey is null || _lookUp.TryFindNow(credentials, token.ParentKey, out parent);
    }

    private async ValueTask<TokenAnswer> JudgeAsync(TokenHash hash, CancellationToken cancellationToken)
    {
        SourceAnswer<Credential> token = await _lookUp.FindAsync(tokens.FindAsync, hash, cancellationToken).ConfigureAwait(false);
        SourceAnswer<Credential> parent = token.Row?.ParentKey is { } key
            ? await _lookUp.FindAsync(credentials.FindAsync, key, cancellationToken).ConfigureAwait(false)
            : default;
        return Judge(token, parent);
    }

    private TokenAnswer Judge(in SourceAnswer<Credential> found, in SourceAnswer<Credential> parent)
    {
        if (found.Row is not { } token || parent.IsUnavailable)
        {
            return TokenAnswer.Refused(CredentialOutcome.Of(parent.IsUnavailable ? parent.Status : found.Status));
        }

        // 4 and 5: a long-lived token ends with the KeyPair that it was made from.
        DateTimeOffset now = Time.GetUtcNow();
        if (IsRefused(token, token.Evaluate(now, options.Environment), out TokenAnswer refused))
        {
            return refused;
        }

        if (token.ParentKey is not null && IsRefused(token, parent.Row?.Evaluate(now, options.Environment) ?? CredentialStatus.Revoked, out refused))
        {
            return refused;
        }

        // 6
        DateTimeOffset? end = token.Expires < parent.Row?.Expires || parent.Row?.Expires is null ? token.Expires : parent.Row.Expires;
        return TokenAnswer.Accepted(SignaturePrincipal.Of(token, Scheme, options.ClaimsIssuer), token.Key, end);
    }

    private static bool IsRefused(Credential token, CredentialStatus status, out TokenAnswer refused)
    {
        refused = default;
        if (status == CredentialStatus.Valid)
        {
            return false;
        }

        // Unlike a revoked KeyPair, whose Secret is destroyed, a revoked token still proves its holder.
        refused = TokenAnswer.Refused(status == CredentialStatus.Revoked ? TokenOutcome.Of(TokenStatus.Revoked) : CredentialOutcome.Of(status), token.Key);
        return true;
    }
}
