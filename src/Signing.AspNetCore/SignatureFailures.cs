using System.Collections.Frozen;
using Microsoft.AspNetCore.Authentication;

namespace Signing.AspNetCore;

/// <summary>The failure results, made once. They say what the caller may be told, because hosts put such messages into responses.</summary>
internal static class SignatureFailures
{
    private static readonly AuthenticateResult Content = AuthenticateResult.Fail("The server rejected the content.");

    private static readonly FrozenDictionary<string, AuthenticateResult> ByCode = Enum.GetValues<SignatureStatus>().Select(Outcome.Of)
        .Concat(Enum.GetValues<CredentialStatus>().Select(CredentialOutcome.Of))
        .Concat(Enum.GetValues<TokenStatus>().Select(TokenOutcome.Of))
        .DistinctBy(outcome => outcome.Code, StringComparer.Ordinal)
        .ToFrozenDictionary(outcome => outcome.Code, outcome => AuthenticateResult.Fail($"{outcome.Code}: {outcome.Sentence}"), StringComparer.Ordinal);

    public static AuthenticateResult Of(SignatureFeature feature) => feature.TransportStatus != 0 ? Content : Of(feature.Outcome);

    public static AuthenticateResult Of(Outcome reason) => ByCode[SignatureChallenge.Told(reason).Code];
}
