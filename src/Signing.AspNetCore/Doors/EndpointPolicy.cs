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
            ?? await OfFiltersAsync(context).ConfigureAwait(false);
    }

    /// <summary>Gives what MVC asks for by filters, which are no metadata, after that of the endpoint.</summary>
    public static async ValueTask<AuthorizationPolicy?> OfFiltersAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>() is not { } action || context.RequestServices.GetService<IAuthorizationPolicyProvider>() is not { } policies)
        {
            return null;
        }

        AuthorizeFilter[] filters = [.. action.FilterDescriptors.Select(static descriptor => descriptor.Filter).OfType<AuthorizeFilter>()];
        return filters.Length == 0 ? null : await AuthorizationPolicy.CombineAsync(
            policies,
            filters.SelectMany(static filter => filter.Policy is null ? filter.AuthorizeData ?? [] : []),
            filters.Select(static filter => filter.Policy).OfType<AuthorizationPolicy>()).ConfigureAwait(false);
    }
}
