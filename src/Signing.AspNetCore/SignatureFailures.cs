using System.Collections.Frozen;
using Microsoft.AspNetCore.Authentication;

namespace Signing.AspNetCore;

/// <summary>The failure results, made once. They say what the caller may be told, because hosts put such messages into responses.</summary>
internal static class SignatureFailures
{
    private static readonly AuthenticateResult Content = AuthenticateResult.Fail("The server rejected the content.");

    // By the row and not by its code: a credential and a token may be revoked each in its own words.
    private static readonly FrozenDictionary<Outcome, AuthenticateResult> ByOutcome = Enum.GetValues<SignatureStatus>().Select(Outcome.Of)
        .Concat(Enum.GetValues<CredentialStatus>().Select(CredentialOutcome.Of))
        .Concat(Enum.GetValues<TokenStatus>().Select(TokenOutcome.Of))
        .Append(TokenChallenge.InvalidCredential)
        .ToFrozenDictionary(outcome => outcome, outcome => AuthenticateResult.Fail($"{outcome.Code}: {outcome.Sentence}"));

    public static AuthenticateResult Of(SignatureFeature feature) =>
        feature.TransportStatus != 0 ? Content : Of(SignatureChallenge.Told(feature.Outcome));

    public static AuthenticateResult Of(Outcome told) => ByOutcome[told];
}
