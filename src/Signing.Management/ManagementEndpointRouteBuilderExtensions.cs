using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Management;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the admin API and the dashboard.</summary>
public static class ManagementEndpointRouteBuilderExtensions
{
    private const string ApiPrefix = "/api/v1";

    /// <summary>Maps the dashboard at a prefix, and the admin API at <c>api/v1</c> below it.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="prefix">The prefix, such as <c>/signing</c>.</param>
    /// <returns>A builder for all that was mapped.</returns>
    /// <exception cref="InvalidOperationException"><c>AddSigningManagement</c> was not called, or no credential store is registered.</exception>
    /// <exception cref="OptionsValidationException">An option is wrong.</exception>
    /// <remarks>
    /// What the builder is told, such as <c>RequireAuthorization</c> or <c>RequireHost</c>, comes on top of the policies in
    /// <see cref="ManagementOptions.Policies"/>. <c>AllowAnonymous</c> stops the start of the host.
    /// </remarks>
    public static IEndpointConventionBuilder MapSigningManagement(this IEndpointRouteBuilder endpoints, string prefix = "/signing")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        IServiceProvider services = endpoints.ServiceProvider;
        if (services.GetService<DashboardFiles>() is not { } files)
        {
            throw new InvalidOperationException("The management of credentials is not registered. Call services.AddSigningManagement(…) before the application is built.");
        }

        if (services.GetService<IServiceProviderIsService>() is { } known && !known.IsService(typeof(CredentialAdministration)))
        {
            throw new InvalidOperationException("No credential store is registered, so there is nothing to manage. Call services.AddSigningCredentialFile(path) before the application is built.");
        }

        // Built with the first request: a store is opened when the host starts, not when routes are mapped.
        var gate = new Lazy<ManagementGate>(() => GateOf(services));
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            ManagementArea area = endpoint.Metadata.OfType<ManagementRoute>().Last().Area;
            RequestDelegate next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => gate.Value.InvokeAsync(context, area, next);
        });

        // ASP.NET's output cache keeps what says no-store, where the host's own policy has it keep everything.
        group.CacheOutput(static policy => policy.NoCache());
        PageEndpoints.Map(group, files);
        MapApi(group.MapGroup(ApiPrefix));
        return group;
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.WithMetadata(new ManagementRoute(ManagementArea.Api)).WithGroupName(OpenApiEndpoint.DocumentName).DisableCookieRedirect();
        OverviewEndpoints.Map(api.MapGroup("").WithTags("overview"));
        WorkspaceEndpoints.Map(api.MapGroup("").WithTags("workspaces"));
        ApplicationEndpoints.Map(api.MapGroup("").WithTags("applications"));
        CredentialEndpoints.Map(api.MapGroup("").WithTags("credentials"));
        CredentialLifeEndpoints.Map(api.MapGroup("").WithTags("credentials"));
        SharingKeyEndpoints.Map(api.MapGroup("").WithTags("sharing keys"));
        OpenApiEndpoint.Map(api.MapGroup("").WithTags("overview"));
    }

    private static ManagementGate GateOf(IServiceProvider services)
    {
        ManagementOptions options = services.GetRequiredService<IOptions<ManagementOptions>>().Value;
        var access = new ManagementAccess(options, services.GetRequiredService<IHostEnvironment>().IsDevelopment());
        var management = new ManagementContext(
            options, access, services.GetRequiredService<ICredentialStore>(), services.GetRequiredService<CredentialAdministration>(), services.GetRequiredService<TimeProvider>(),
            new AuditPlaces(services.GetRequiredService<IDataProtectionProvider>()));
        return new ManagementGate(management, services.GetRequiredService<ILoggerFactory>().CreateLogger("Signing.Management"));
    }
}
