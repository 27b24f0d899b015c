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
        services.AddSingleton(provider => new CredentialStart(
            provider, source, provider.GetRequiredService<KeyRingProtection>(), provider.GetRequiredService<CredentialCanary>(), provider.GetRequiredService<PostgreSqlOptions>(),
            provider.GetRequiredService<ILogger<CredentialStart>>()));
    }
}
