using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Signing.Management;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the admin API and the dashboard.</summary>
public static class ManagementServiceCollectionExtensions
{
    /// <summary>Adds the management of credentials without policies: it starts only in Development, and is open only to a browser on the same machine.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSigningManagement(this IServiceCollection services) => services.AddSigningManagement(static _ => { });

    /// <summary>Adds the management of credentials; adding it twice only adds to its configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Names the host's policies, and changes the defaults.</param>
    /// <returns>The services.</returns>
    /// <remarks>It manages what a credential store holds, which is registered apart, and is reachable once <c>MapSigningManagement</c> has mapped it.</remarks>
    public static IServiceCollection AddSigningManagement(this IServiceCollection services, Action<ManagementOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(ManagementStart)))
        {
            return services;
        }

        services.AddOptions<ManagementOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAuthorization();
        services.AddAntiforgery();
        services.AddOpenApi(OpenApiEndpoint.DocumentName, OpenApiEndpoint.Configure);

        // For the OpenAPI document of a host that was published without reflection.
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Add(ManagementJson.Default));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpLoggingInterceptor, AnswerLogging>());
        services.AddSingleton<DashboardFiles>();
        services.AddSingleton<ManagementStart>();
        services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<ManagementStart>());
        services.AddHostedService(static provider => provider.GetRequiredService<ManagementStart>());
        return services;
    }
}
