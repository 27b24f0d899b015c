using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Knows whether the host transforms claims. A transformation may add to the principal it is given, so it is given an open copy.</summary>
internal sealed class ClaimsTransformations(IServiceCollection services)
{
    // The descriptor that would be resolved says it without building the service, which may need a request.
    private readonly bool _any = services.LastOrDefault(service => service.ServiceType == typeof(IClaimsTransformation) && !service.IsKeyedService)
        is { } last && last.ImplementationType != typeof(NoopClaimsTransformation);

    public bool Any => _any;

    public ClaimsPrincipal Prepare(ClaimsPrincipal principal) => _any ? principal.Clone() : principal;

    public Task<ClaimsPrincipal> TransformAsync(HttpContext context, ClaimsPrincipal principal) =>
        context.RequestServices.GetRequiredService<IClaimsTransformation>().TransformAsync(Prepare(principal));
}
