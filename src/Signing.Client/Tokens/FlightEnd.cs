namespace Signing.Client;

/// <summary>Holds how an acquisition ended.</summary>
/// <param name="Token">The token, if there is one.</param>
/// <param name="Origin">Where the token, or the failure, came from.</param>
/// <param name="Texts">What the store may hold now because of it; empty if it has not been there.</param>
/// <param name="Reply">Why there is no token.</param>
internal sealed record FlightEnd(AccessToken? Token, TokenOrigin Origin, string[] Texts, TokenReply? Reply)
{
    /// <summary>The failure as all callers share it; set when it is known how many came before.</summary>
    public TokenFailure? Failure { get; init; }

    public override string ToString() => nameof(FlightEnd);
}
