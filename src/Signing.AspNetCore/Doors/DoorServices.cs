using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>What every scheme of ours leans on, registered once.</summary>
internal static class DoorServices
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<SigningMetrics>();
        services.TryAddSingleton<TokenDoors>();
        services.TryAddSingleton<TokenSchemes>();
        services.TryAddSingleton<RequestVerifiers>();
        services.TryAddSingleton(_ => new ClaimsTransformations(services));
        AddConfigurationTo(services);
        services.AddHostedService<SignatureStart>();
    }

    /// <summary>Gives a scheme the host's clock, which the authentication of ASP.NET gives only to schemes that are registered.</summary>
    public static void UseClockFor(IServiceCollection services, string scheme) =>
        services.AddOptions<SignatureOptions>(scheme).PostConfigure<TimeProvider>(static (options, time) => options.TimeProvider ??= time);

    /// <summary>Registers the configuration as the source of whatever the host has no source of its own for, read once for all of it.</summary>
    private static void AddConfigurationTo(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ConfigurationCredentialSource(
            provider.GetRequiredService<IConfiguration>(), provider.GetService<ILogger<ConfigurationCredentialSource>>()));
        services.TryAddSingleton<ICredentialSource>(static provider => provider.GetRequiredService<ConfigurationCredentialSource>());

        // A store that the host registers for KeyPairs has the rest too.
        services.TryAddSingleton(static provider =>
            provider.GetRequiredService<ICredentialSource>() as IApiTokenSource ?? provider.GetRequiredService<ConfigurationCredentialSource>());
        services.TryAddSingleton(static provider =>
            provider.GetRequiredService<ICredentialSource>() as ISharingKeySource ?? provider.GetRequiredService<ConfigurationCredentialSource>());
    }
}
