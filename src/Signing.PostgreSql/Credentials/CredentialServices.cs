using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>What a host needs that keeps its credentials here.</summary>
internal static class CredentialServices
{
    public static void AddTo(IServiceCollection services)
    {
        CredentialStoreServices.AddTo(services, static provider => provider.GetRequiredService<PostgreSqlOptions>().Prefix);
        services.AddSingleton<PostgreSqlCredentialStore>();
        var source = new SoleCredentialSource(services, nameof(PostgreSqlServiceCollectionExtensions.AddSigningPostgreSql));
        source.Add<PostgreSqlCredentialStore>();
        services.AddSingleton<CredentialCanary>();
        PostgreSqlHealth.AddCredentialsTo(services);
        services.AddSingleton<CredentialSettling>();
        services.AddSingleton(static provider => new CredentialResealing(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<SecretSeal>(), provider.GetRequiredService<CredentialCanary>(),
            new Transactions(provider.GetRequiredService<Database>(), provider.GetRequiredService<ChangeFeed>()),
            provider.GetRequiredService<ILogger<CredentialResealing>>()));
        services.AddHostedService(static provider => new CredentialTidying(
            provider.GetRequiredService<CredentialSettling>(), provider.GetRequiredService<CredentialResealing>(), provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<CredentialTidying>>()));
        services.AddSingleton(provider => new CredentialStart(
            provider, source, provider.GetRequiredService<KeyRingProtection>(), provider.GetRequiredService<CredentialCanary>(), provider.GetRequiredService<PostgreSqlOptions>(),
            provider.GetRequiredService<ILogger<CredentialStart>>()));
    }
}
