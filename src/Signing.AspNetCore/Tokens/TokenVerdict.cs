namespace Signing.AspNetCore;

/// <summary>What was found about a token that somebody presented.</summary>
/// <param name="Status">The answer about the token.</param>
/// <param name="CredentialStatus">The answer about the client's credential, if it was asked.</param>
/// <param name="Content">What the token says; empty unless its MAC was verified.</param>
/// <param name="Grant">The grant; <see langword="null"/> unless it was found.</param>
/// <param name="Credential">The client's credential as it is now; <see langword="null"/> unless it was found.</param>
/// <param name="SharedScopes">What the grant's sharing key lists now; <see langword="null"/> without one.</param>
internal readonly record struct TokenVerdict(
    TokenStatus Status, CredentialStatus CredentialStatus = CredentialStatus.None, TokenContent Content = default, Grant? Grant = null, Credential? Credential = null,
    IReadOnlyList<string>? SharedScopes = null)
{
    public bool IsValid => Status == TokenStatus.Valid;

    /// <summary>The row of the outcome, with the true reason; a caller is told only what <see cref="Outcome.Disclosure"/> permits.</summary>
    public Outcome Outcome => Status == TokenStatus.CredentialRefused ? CredentialOutcome.Of(CredentialStatus) : TokenOutcome.Of(Status);
}
