namespace Signing.AspNetCore;

/// <summary>The answer to a login or a refresh: tokens if the verdict is valid. Shows no token.</summary>
internal sealed class IssuedTokens(TokenVerdict verdict)
{
    public TokenVerdict Verdict => verdict;

    /// <summary>Gets the grant that the tokens stand for.</summary>
    public Grant? Grant => verdict.Grant;

    public string? AccessToken { get; init; }

    /// <summary>Gets the refresh token; <see langword="null"/> if none was asked for.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Gets for how many seconds the access token is accepted, counted from now; at least 1.</summary>
    public int ExpiresIn { get; init; }

    public override string ToString() => verdict.Outcome.Code;
}
