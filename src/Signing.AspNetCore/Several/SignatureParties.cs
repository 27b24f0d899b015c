using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>What was found about the signatures that an endpoint requires: found once, and kept with the request.</summary>
/// <param name="Requirement">What the endpoint requires.</param>
/// <param name="Verifier">That of <paramref name="Answer"/>.</param>
/// <param name="Answer">What the first party is told: its own verdict where all is well, else that of the party which is refused.</param>
internal sealed record SignatureParties(SignaturesRequirement Requirement, RequestVerifier Verifier, SignatureFeature Answer)
{
    /// <summary>Finds what was found for a requirement; another endpoint, such as the page of an error, has another.</summary>
    public static SignatureParties? Find(HttpContext context, SignaturesRequirement requirement) =>
        context.Features.Get<SignatureParties>() is { } known && ReferenceEquals(known.Requirement, requirement) ? known : null;

    /// <summary>Finds the schemes that are asked for together where this is the answer of several.</summary>
    public static SignaturesRequirement? RequirementOf(HttpContext context, SignatureFeature answer) =>
        context.Features.Get<SignatureParties>() is { } known && ReferenceEquals(known.Answer, answer) ? known.Requirement : null;
}
