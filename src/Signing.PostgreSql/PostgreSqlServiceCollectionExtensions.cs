using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers PostgreSQL as the store of any number of nodes.</summary>
public static class PostgreSqlServiceCollectionExtensions
{
    /// <summary>Keeps credentials, grants and replay claims in a PostgreSQL database; adding it twice only adds to its configuration and parts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">The database, as Npgsql reads it; whoever has it has the credentials, so take it from a vault.</param>
    /// <param name="parts">What is kept there.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is not one.</exception>
    /// <exception cref="InvalidOperationException">The services keep something in another database already.</exception>
    /// <remarks>
    /// The tables are brought up to date when the host starts. Secrets and master keys are sealed by Data Protection: every node
    /// needs the same key ring and name of the application, encrypted and persisted where all of them read it.
    /// </remarks>
    public static IServiceCollection AddSigningPostgreSql(
        this IServiceCollection services, string connectionString, PostgreSqlParts parts = PostgreSqlParts.All, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return services.AddSigningPostgreSql(builder.ConnectionString, _ => new PostgreSqlSource(NpgsqlDataSource.Create(builder), isOwned: true), parts, configure);
    }

    /// <summary>Keeps credentials, grants and replay claims in a PostgreSQL database; adding it twice only adds to its configuration and parts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="dataSource">The database; the host disposes of it, after the host has stopped.</param>
    /// <param name="parts">What is kept there.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">The services keep something in another database already.</exception>
    /// <remarks>
    /// The tables are brought up to date when the host starts. Secrets and master keys are sealed by Data Protection: every node
    /// needs the same key ring and name of the application, encrypted and persisted where all of them read it.
    /// </remarks>
    public static IServiceCollection AddSigningPostgreSql(
        this IServiceCollection services, NpgsqlDataSource dataSource, PostgreSqlParts parts = PostgreSqlParts.All, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return services.AddSigningPostgreSql(dataSource, _ => new PostgreSqlSource(dataSource, isOwned: false), parts, configure);
    }

    private static IServiceCollection AddSigningPostgreSql(
        this IServiceCollection services, object address, Func<IServiceProvider, PostgreSqlSource> source, PostgreSqlParts parts, Action<PostgreSqlOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Configure(configure ?? (static _ => { }));
        PostgreSqlParts added = RegistrationIn(services, address, source).Take(parts);
        if (added.HasFlag(PostgreSqlParts.Credentials))
        {
            CredentialServices.AddTo(services);
        }

        if (added.HasFlag(PostgreSqlParts.Grants))
        {
            services.AddSingleton<IGrantStore, PostgreSqlGrantStore>();
            services.AddHostedService(static provider => new MasterKeyFollower(
                provider.GetRequiredService<ChangeFeed>(), provider.GetService<TokenKeys>(), provider.GetRequiredService<RingRenewal>(), provider.GetRequiredService<PostgreSqlOptions>(),
                provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<ILogger<MasterKeyFollower>>()));
        }

        if (added.HasFlag(PostgreSqlParts.Replay))
        {
            services.AddSingleton<ClaimMetrics>();
            services.AddSingleton(static provider => ReplayStoreOf(provider));
            services.AddSingleton<IReplayStore>(static provider => provider.GetRequiredService<PostgreSqlReplayStore>());
        }

        return services;
    }

    private static PostgreSqlRegistration RegistrationIn(IServiceCollection services, object address, Func<IServiceProvider, PostgreSqlSource> source)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(PostgreSqlRegistration))?.ImplementationInstance is PostgreSqlRegistration known)
        {
            return known.IsOf(address)
                ? known
                : throw new InvalidOperationException("AddSigningPostgreSql was called with two databases. Name the same one each time: the nodes of a host agree by one database.");
        }

        var registration = new PostgreSqlRegistration(address);
        services.AddSingleton(registration);
        services.AddSingleton(source);
        services.AddSingleton(static provider => OptionsOf(provider));
        services.AddSingleton(static provider => new Database(provider.GetRequiredService<PostgreSqlSource>().Source, provider.GetRequiredService<PostgreSqlOptions>()));
        services.AddMetrics();
        services.AddSingleton<ChangeFeed>();
        PostgreSqlHealth.AddClockTo(services);
        services.AddSingleton(static provider => new RingRenewal(provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddHostedService(static provider => new ChangeFollower(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<ChangeFeed>(), provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<ILogger<ChangeFollower>>()));

        // The first of all that begin with the host: whatever else has to do with the tables finds them.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, PostgreSqlStart>());
        return registration;
    }

    // One memory for all schemes, so it is as long as the longest of them needs, and longer when their options are reloaded.
    private static PostgreSqlReplayStore ReplayStoreOf(IServiceProvider provider)
    {
        string[] schemes = [.. provider.GetServices<SignatureScheme>().Select(scheme => scheme.Name)];
        IOptionsMonitor<SignatureOptions> options = provider.GetRequiredService<IOptionsMonitor<SignatureOptions>>();
        return new PostgreSqlReplayStore(
            provider.GetRequiredService<Database>(),
            () => ClaimWindow.Of(schemes.Select(scheme => options.Get(scheme).Policy)),
            new ClaimHealth(provider.GetRequiredService<ILogger<PostgreSqlReplayStore>>(), provider.GetRequiredService<ClaimMetrics>()),
            provider.GetService<TimeProvider>() ?? TimeProvider.System);
    }

    private static PostgreSqlOptions OptionsOf(IServiceProvider provider)
    {
        PostgreSqlOptions options = provider.GetRequiredService<IOptions<PostgreSqlOptions>>().Value;
        options.Validate();
        return options;
    }
}
