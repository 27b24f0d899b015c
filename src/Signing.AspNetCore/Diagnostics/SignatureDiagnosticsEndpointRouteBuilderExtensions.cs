using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that tells callers what the server saw of their request.</summary>
public static class SignatureDiagnosticsEndpointRouteBuilderExtensions
{
    // Whatever follows the prefix belongs to it, so that a caller can find out what becomes of an encoded path on its way.
    private const string Probe = "/{**probe}";

    /// <summary>Maps an endpoint, of any method, that answers what the server saw of the very request: authority, scheme, raw target, clock, and what became of its signature.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="prefix">The prefix, such as <c>/signing/diagnostics</c>; every path below it is answered, too.</param>
    /// <param name="scheme">The registered scheme by whose policy the signature is judged.</param>
    /// <returns>A builder of the endpoint, for the host's policy: <c>RequireAuthorization("ops")</c>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is not registered with <c>AddMessageSignature</c>.</exception>
    /// <remarks>
    /// Without a policy it is open in Development, to peers of the loopback interface, and closed everywhere else;
    /// <c>AllowAnonymous</c> opens nothing. A signature that fails is diagnosed with status 200, and one that verifies is
    /// claimed as anywhere else.
    /// </remarks>
    public static IEndpointConventionBuilder MapSigningDiagnostics(
        this IEndpointRouteBuilder endpoints, string prefix = "/signing/diagnostics", string scheme = SignatureDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        IServiceProvider services = endpoints.ServiceProvider;
        string[] known = [.. services.GetServices<SignatureScheme>().Select(one => one.Name)];
        if (!known.Contains(scheme, StringComparer.Ordinal))
        {
            throw new InvalidOperationException(known.Length > 0
                ? $"No scheme '{scheme}' is registered, but {string.Join(", ", known)}. Name the one to diagnose: MapSigningDiagnostics(\"{prefix}\", \"{known[0]}\")."
                : $"No scheme '{scheme}' is registered. Call services.AddAuthentication().AddMessageSignature(\"{scheme}\", …) before the application is built.");
        }

        bool isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false;
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(SignatureDefaults.TelemetryName);
        var diagnostics = new SignatureDiagnostics(services.GetRequiredService<RequestVerifiers>(), services.GetRequiredService<TokenDoors>(), scheme, isDevelopment, logger);
        IEndpointConventionBuilder builder = endpoints.Map(prefix.TrimEnd('/') + Probe, diagnostics.AnswerAsync)
            .WithDisplayName("Diagnostics of signatures").WithMetadata(SignatureDiagnosticsRoute.Instance)

            // ASP.NET's output cache keeps what says no-store, and would tell one caller what it saw of another.
            .CacheOutput(static policy => policy.NoCache());
        builder.Finally(endpoint =>
        {
            // The host's fallback policy, say, does not close what Development leaves open to its own machine.
            if (isDevelopment && !endpoint.Metadata.Any(static data => data is IAuthorizeData or AuthorizationPolicy or ConnectedApiRequirement))
            {
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
            }
        });
        return builder;
    }
}
