using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the verification of signatures into the pipeline.</summary>
public static class SignatureApplicationBuilderExtensions
{
    // Where UseRouting leaves its endpoints: the only sign of whether, and when, it was called.
    private const string RoutingProperty = "__EndpointRouteBuilder";

    // What UseAuthentication leaves, so that WebApplication does not put it at the front by itself.
    private const string AuthenticationProperty = "__AuthenticationMiddlewareSet";

    /// <summary>Requires a signature of every request that comes this far, by the scheme <c>Signature</c>, except for endpoints open to anonymous callers.</summary>
    /// <param name="app">The pipeline; routing must come before.</param>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">The scheme is not registered with <c>AddMessageSignature</c>; or, when the pipeline is built, <c>UseRouting</c> is called after this.</exception>
    /// <remarks>
    /// A request without a valid signature is answered here and goes no further: 401, and 503 or 429 where that is the reason.
    /// Put this before whatever replaces the content, such as request decompression: the digest is that of the bytes sent.
    /// </remarks>
    public static IApplicationBuilder UseMessageSignature(this IApplicationBuilder app) => app.UseMessageSignature(SignatureDefaults.AuthenticationScheme);

    /// <summary>Requires a signature of every request that comes this far, by a named scheme, except for endpoints open to anonymous callers.</summary>
    /// <param name="app">The pipeline; routing must come before.</param>
    /// <param name="scheme">The registered scheme whose policy applies.</param>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">The scheme is not registered with <c>AddMessageSignature</c>; or, when the pipeline is built, <c>UseRouting</c> is called after this.</exception>
    public static IApplicationBuilder UseMessageSignature(this IApplicationBuilder app, string scheme)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        if (!app.ApplicationServices.GetServices<SignatureScheme>().Any(known => known.Name == scheme))
        {
            throw new InvalidOperationException(
                $"No scheme '{scheme}' is registered. Call services.AddAuthentication().AddMessageSignature(\"{scheme}\", …) before the application is built.");
        }

        if (StandsForAuthentication(app.ApplicationServices))
        {
            app.Properties[AuthenticationProperty] = true;
        }

        bool routed = app.Properties.ContainsKey(RoutingProperty);
        app.Use(next =>
        {
            // The pipeline is built from its end, when all calls are known.
            if (!routed && app.Properties.ContainsKey(RoutingProperty))
            {
                throw new InvalidOperationException(
                    "UseMessageSignature stands before UseRouting, where it cannot see which endpoints are open to anonymous callers. Call UseRouting first.");
            }

            return ActivatorUtilities.CreateInstance<SignatureMiddleware>(app.ApplicationServices, next, scheme).InvokeAsync;
        });
        return app;
    }

    // Another kind of scheme needs the authentication middleware, and so does the authorization that WebApplication puts before this one.
    private static bool StandsForAuthentication(IServiceProvider services) =>
        services.GetService<IAuthorizationHandlerProvider>() is null
        && services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.Schemes.All(scheme => scheme.Build().HandlerType == typeof(SignatureHandler));
}
