using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Internal;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.PostgreSql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps Data Protection keys where every node reads them.</summary>
public static class PostgreSqlDataProtectionBuilderExtensions
{
    /// <summary>Keeps the key ring in the database of <c>AddSigningPostgreSql</c>; of several nodes that start at once one makes the first key.</summary>
    /// <param name="builder">The host's Data Protection.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// What the ring seals is in the same database: encrypt the ring with one of the <c>ProtectKeysWith…</c> methods, without
    /// which the host does not start outside Development. Name the application too, by <c>SetApplicationName</c>: nodes whose
    /// content lies in different folders do not open each other's seals otherwise.
    /// </remarks>
    public static IDataProtectionBuilder PersistKeysToPostgreSql(this IDataProtectionBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(static provider =>
        {
            Database database = DatabaseOf(provider);
            return new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = new PostgreSqlKeyRing(database));
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IKeyManager>(static provider => new AgreedKeys(
            new XmlKeyManager(
                provider.GetRequiredService<IOptions<KeyManagementOptions>>(), provider.GetRequiredService<IActivator>(),
                provider.GetService<ILoggerFactory>() ?? Logging.Abstractions.NullLoggerFactory.Instance),
            DatabaseOf(provider), provider.GetRequiredService<RingRenewal>())));
        builder.Services.TryAddSingleton(KeyRingProtection.Of);
        builder.Services.TryAddSingleton(static provider => new KeyRingStart(
            provider.GetRequiredService<KeyRingProtection>(), provider.GetRequiredService<PostgreSqlOptions>(), provider.GetRequiredService<ILogger<KeyRingStart>>()));
        return builder;
    }

    private static Database DatabaseOf(IServiceProvider provider) =>
        provider.GetService<Database>() ?? throw new InvalidOperationException("PersistKeysToPostgreSql has no database: call AddSigningPostgreSql, with PostgreSqlParts.None if nothing else is kept there.");
}
