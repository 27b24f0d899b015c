using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>The authorization policy of the endpoint that was called, all of its parts together.</summary>
internal static class EndpointPolicy
{
    public static async ValueTask<AuthorizationPolicy?> OfAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || context.RequestServices.GetService<IAuthorizationPolicyProvider>() is not { } policies)
        {
            return null;
        }

        IReadOnlyList<IAuthorizeData> data = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        IReadOnlyList<AuthorizationPolicy> built = endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>();
        return await AuthorizationPolicy.CombineAsync(policies, data, built).ConfigureAwait(false)
            ?? (endpoint.Metadata.GetMetadata<ActionDescriptor>() is { } action ? await OfFiltersAsync(policies, action).ConfigureAwait(false) : null);
    }

    // MVC asks by filters as well, which are no metadata.
    private static Task<AuthorizationPolicy?> OfFiltersAsync(IAuthorizationPolicyProvider policies, ActionDescriptor action)
    {
        AuthorizeFilter[] filters = [.. action.FilterDescriptors.Select(static descriptor => descriptor.Filter).OfType<AuthorizeFilter>()];
        return AuthorizationPolicy.CombineAsync(
            policies,
            filters.SelectMany(static filter => filter.Policy is null ? filter.AuthorizeData ?? [] : []),
            filters.Select(static filter => filter.Policy).OfType<AuthorizationPolicy>());
    }
}
