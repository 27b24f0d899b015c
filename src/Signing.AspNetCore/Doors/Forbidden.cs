using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Why a caller who is known may not do what was asked, in the names that would be enough.</summary>
/// <param name="Outcome">What the caller is told.</param>
/// <param name="Attribute">What the names are, as a challenge has it.</param>
/// <param name="Names">The names, with a space between them; empty if nobody can say.</param>
internal sealed record Forbidden(Outcome Outcome, string Attribute, string Names)
{
    public static async ValueTask<Forbidden> OfAsync(HttpContext context)
    {
        ConnectedApiRule rule = context.RequestServices.GetRequiredService<ConnectedApiRule>();
        return rule.MissingOf(context.GetEndpoint(), context.User) is { Count: > 0 } missing
            ? OfApis(missing)
            : new Forbidden(TokenOutcome.Of(TokenStatus.ScopeMissing), "scope", string.Join(' ', await RequiredScopesAsync(context).ConfigureAwait(false)));
    }

    public static Forbidden OfApis(IReadOnlyList<string> missing) =>
        new(CredentialOutcome.Of(CredentialStatus.ApiNotConnected), "connected_api", string.Join(' ', missing));

    private static async ValueTask<IEnumerable<string>> RequiredScopesAsync(HttpContext context)
    {
        AuthorizationPolicy? policy = await EndpointPolicy.OfAsync(context).ConfigureAwait(false);
        AuthorizationPolicy? ofFilters = await EndpointPolicy.OfFiltersAsync(context).ConfigureAwait(false);
        IEnumerable<IAuthorizationRequirement> ofAttributes = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizationRequirementData>()
            .SelectMany(static data => data.GetRequirements()) ?? [];
        return ofAttributes.Concat(policy?.Requirements ?? []).Concat(ofFilters?.Requirements ?? []).OfType<ClaimsAuthorizationRequirement>()
            .Where(requirement => requirement.ClaimType == SignatureClaimNames.Scope)
            .SelectMany(requirement => requirement.AllowedValues ?? [])
            .Distinct(StringComparer.Ordinal);
    }
}
