using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what issues and verifies tokens.</summary>
public static class TokenServiceCollectionExtensions
{
    /// <summary>Adds the issuing of tokens; adding it twice only adds to its configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Names the issuer, and changes the defaults.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// An <see cref="IGrantStore"/> registered as a service replaces memory and journal; an <see cref="ICredentialSource"/>
    /// replaces the configuration. The master key is sealed by Data Protection: persist and encrypt its key ring.
    /// </remarks>
    public static IServiceCollection AddSigningTokens(this IServiceCollection services, Action<TokenOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(TokenIssuer)))
        {
            return services;
        }

        services.AddMetrics();
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenMetrics>();
        services.TryAddSingleton<TokenMappings>();
        DoorServices.AddTo(services);
        DoorServices.UseClockFor(services, SignatureDefaults.AuthenticationScheme);
        services.TryAddSingleton(StoreOf);
        services.AddSingleton(static provider => new TokenKeys(
            provider.GetRequiredService<IGrantStore>(), provider.GetDataProtectionProvider(), OptionsOf(provider), provider.GetRequiredService<TimeProvider>(), LoggerOf(provider)));
        services.TryAddSingleton(KeyRingProtection.Of);
        services.AddSingleton(static provider => new TokenVerifier(
            OptionsOf(provider), provider.GetRequiredService<IGrantStore>(), provider.GetRequiredService<TokenKeys>(), provider.GetRequiredService<ICredentialSource>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<TokenMetrics>(), LoggerOf(provider), SharingOf(provider)));
        services.AddSingleton(static provider => new TokenIssuer(
            OptionsOf(provider), provider.GetRequiredService<IGrantStore>(), provider.GetRequiredService<TokenKeys>(), provider.GetRequiredService<TokenVerifier>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<TokenMetrics>(), LoggerOf(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpLoggingInterceptor, TokenContentLogging>());
        services.AddHostedService<TokenStart>();
        return services;
    }

    private static TokenOptions OptionsOf(IServiceProvider provider)
    {
        TokenOptions options = provider.GetRequiredService<IOptions<TokenOptions>>().Value;
        options.Validate();
        return options;
    }

    private static IGrantStore StoreOf(IServiceProvider provider)
    {
        TokenOptions options = OptionsOf(provider);
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        if (options.JournalPath is null)
        {
            return new InMemoryGrantStore(options.GrantCapacity, time);
        }

        string root = provider.GetService<IHostEnvironment>()?.ContentRootPath ?? "";
        return JournalGrantStore.Open(Path.Combine(root, options.JournalPath), options.GrantCapacity, time, provider.GetService<ILogger<JournalGrantStore>>());
    }

    private static SharingKeyCheck? SharingOf(IServiceProvider provider) => provider.GetService<ISharingKeySource>() is { } source
        ? new SharingKeyRule(source, provider.GetRequiredService<IGrantStore>(), provider.GetRequiredService<TimeProvider>()).CheckAsync
        : null;

    private static ILogger LoggerOf(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>().CreateLogger(SignatureDefaults.TelemetryName);
}
