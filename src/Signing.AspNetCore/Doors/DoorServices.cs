using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>What every scheme of ours leans on, registered once.</summary>
internal static class DoorServices
{
    // Kept, so that whoever registers a store can tell what stands in for one from what the host has registered.
    private static readonly Func<IServiceProvider, ICredentialSource> ConfiguredKeyPairs = static provider => provider.GetRequiredService<ConfigurationCredentialSource>();

    // A store that the host registers for KeyPairs has the rest too.
    private static readonly Func<IServiceProvider, IApiTokenSource> ConfiguredTokens = static provider =>
        provider.GetRequiredService<ICredentialSource>() as IApiTokenSource ?? provider.GetRequiredService<ConfigurationCredentialSource>();

    private static readonly Func<IServiceProvider, ISharingKeySource> ConfiguredSharingKeys = static provider =>
        provider.GetRequiredService<ICredentialSource>() as ISharingKeySource ?? provider.GetRequiredService<ConfigurationCredentialSource>();

    public static void AddTo(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<SigningMetrics>();
        services.TryAddSingleton<IOptionsFactory<SignatureOptions>, LastValidOptions<SignatureOptions>>();
        services.TryAddSingleton<TokenDoors>();
        services.TryAddSingleton<TokenSchemes>();
        services.TryAddSingleton<RequestVerifiers>();
        services.TryAddSingleton(_ => new ClaimsTransformations(services));
        services.TryAddSingleton<ConnectedApiRule>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, ConnectedApiHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, SignaturesHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpLoggingInterceptor, PresignedQueryLogging>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, SignaturesStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ResponseSignatureStart>());
        services.TryAddSingleton(static provider => new ConnectedApiCatalogue(provider.GetRequiredService<EndpointDataSource>()));
        AddConfigurationTo(services);
        LastUseWriter.AddTo(services);
        services.AddHostedService<SignatureStart>();
    }

    /// <summary>Gives a scheme the host's clock, which the authentication of ASP.NET gives only to schemes that are registered.</summary>
    public static void UseClockFor(IServiceCollection services, string scheme) =>
        services.AddOptions<SignatureOptions>(scheme).PostConfigure<TimeProvider>(static (options, time) => options.TimeProvider ??= time);

    /// <summary>Says whether a source is only there because the host has none of its own.</summary>
    public static bool IsStandIn(ServiceDescriptor source) =>
        !source.IsKeyedService
        && (ReferenceEquals(source.ImplementationFactory, ConfiguredKeyPairs)
            || ReferenceEquals(source.ImplementationFactory, ConfiguredTokens)
            || ReferenceEquals(source.ImplementationFactory, ConfiguredSharingKeys));

    /// <summary>Registers the configuration as the source of whatever the host has no source of its own for, read once for all of it.</summary>
    private static void AddConfigurationTo(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ConfigurationCredentialSource(
            provider.GetRequiredService<IConfiguration>(), provider.GetService<ILogger<ConfigurationCredentialSource>>()));
        services.TryAddSingleton(ConfiguredKeyPairs);
        services.TryAddSingleton(ConfiguredTokens);
        services.TryAddSingleton(ConfiguredSharingKeys);
    }
}
