using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
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

        return await AuthorizationPolicy.CombineAsync(
            policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false);
    }
}
