namespace Signing.AspNetCore;

/// <summary>Judges access tokens; the steps are the <see cref="TokenVerifier"/>'s.</summary>
internal sealed class AccessTokenDoor(string scheme, AccessTokenOptions options, string prefix, TokenVerifier verifier)
    : TokenDoor(scheme, options, options.Header, options.Realm)
{
    private readonly string _access = $"{prefix}_{TokenKinds.TextOf(TokenKind.Access)}_";

    // Whoever sends a refresh token with a request is told so.
    private readonly string _refresh = $"{prefix}_{TokenKinds.TextOf(TokenKind.Refresh)}_";

    public override bool JoinsSignatures => true;

    public override ValueTask<TokenAnswer> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken)
    {
        ValueTask<TokenVerdict> verdict = verifier.VerifyAccessAsync(token, cancellationToken);
        return verdict.IsCompletedSuccessfully ? new ValueTask<TokenAnswer>(AnswerOf(verdict.GetAwaiter().GetResult())) : AwaitAsync(verdict);
    }

    protected override bool IsOurs(ReadOnlySpan<char> text) => text.StartsWith(_access) || text.StartsWith(_refresh);

    private async ValueTask<TokenAnswer> AwaitAsync(ValueTask<TokenVerdict> verdict) => AnswerOf(await verdict.ConfigureAwait(false));

    private TokenAnswer AnswerOf(in TokenVerdict verdict) => verdict.IsValid
        ? TokenAnswer.Accepted(
            SignaturePrincipal.Of(verdict.Grant!, verdict.Credential!, verdict.SharedScopes, Scheme, options.ClaimsIssuer), verdict.Grant!.ClientKey, EndOf(verdict))
        : TokenAnswer.Refused(verdict.Outcome, verdict.Grant?.ClientKey);

    // A token is refused with the credential that it was issued to.
    private static DateTimeOffset EndOf(in TokenVerdict verdict) =>
        verdict.Credential!.Expires is { } end && end < verdict.Content.Expires ? end : verdict.Content.Expires;
}
