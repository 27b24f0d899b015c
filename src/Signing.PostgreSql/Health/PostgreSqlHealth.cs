using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Answers the health checks of a host that keeps something here.</summary>
internal static class PostgreSqlHealth
{
    private const string StoreName = "postgresql";

    // What two computers that set themselves by the network differ by, and a lot more.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastHarm = TimeSpan.FromSeconds(2);

    /// <summary>Adds the question about the clock, which any part can answer.</summary>
    public static void AddClockTo(IServiceCollection services) => services.AddSingleton(new HealthQuestion(HealthSubject.Clock, AskClockAsync));

    /// <summary>Adds the questions about the credentials and what seals their Secrets.</summary>
    public static void AddCredentialsTo(IServiceCollection services)
    {
        services.AddSingleton(new HealthQuestion(HealthSubject.Credentials, AskCredentialsAsync, static provider => provider.GetRequiredService<ChangeFeed>().IsFresh));
        services.AddSingleton(new HealthQuestion(HealthSubject.Secrets, AskSecretsAsync));
    }

    private static async ValueTask<HealthFinding> AskCredentialsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ChangeFeed feed = services.GetRequiredService<ChangeFeed>();
        string? error = await ErrorOfAsync(services.GetRequiredService<Database>(), cancellationToken).ConfigureAwait(false);
        bool isFresh = feed.IsFresh;
        List<(string, object)> data = [("store", StoreName)];
        if (feed.Age is { } age)
        {
            data.Add(("heard_seconds_ago", Math.Round(age.TotalSeconds, 3)));
        }

        if (error is not null)
        {
            data.Add(("error", error));
        }

        return (error is null, isFresh) switch
        {
            (true, true) => HealthFinding.Healthy("PostgreSQL answers, and this node has heard of every change.", [.. data]),
            (true, false) => HealthFinding.Degraded("PostgreSQL answers, but this node has not heard of changes for too long to trust its memory: every credential is looked up.", [.. data]),
            (false, true) => HealthFinding.Degraded("PostgreSQL does not answer. Credentials in memory are accepted until MaxStaleness has passed; any other is answered 503.", [.. data]),
            _ => HealthFinding.Unhealthy("PostgreSQL does not answer, and nothing in memory may be trusted any more: every signature and token is answered 503.", [.. data]),
        };
    }

    private static async ValueTask<HealthFinding> AskSecretsAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        await services.GetRequiredService<CredentialCanary>().FindAsync(cancellationToken).ConfigureAwait(false) is { } canary
            ? SecretHealth.Of(services.GetRequiredService<SecretSeal>(), canary)
            : HealthFinding.Degraded("The canary is gone from the database, so that nobody knows whether the key ring is that of the Secrets. The next start makes a new one.");

    private static async ValueTask<HealthFinding> AskClockAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Database database = services.GetRequiredService<Database>();
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = database.Command("credential.now", connection);
            DateTimeOffset began = time.GetUtcNow();
            long timestamp = time.GetTimestamp();
            var answer = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!);
            TimeSpan onTheWay = time.GetElapsedTime(timestamp) / 2;
            return Judge(answer - (began + onTheWay), onTheWay, ClockHealth.PoliciesOf(services).Min(static policy => policy.FutureSkew));
        }
    }

    // What the way may account for is not held against the clock.
    private static HealthFinding Judge(TimeSpan offset, TimeSpan uncertainty, TimeSpan skew)
    {
        TimeSpan difference = offset.Duration() - uncertainty;
        (string, object)[] data = [("database_ahead_seconds", Math.Round(offset.TotalSeconds, 3)), ("uncertainty_seconds", Math.Round(uncertainty.TotalSeconds, 3))];
        if (difference <= Tolerance)
        {
            return HealthFinding.Healthy("The clock agrees with that of PostgreSQL.", data);
        }

        return difference <= (skew > LeastHarm ? skew : LeastHarm)
            ? HealthFinding.Degraded("The clock differs from that of PostgreSQL, which all nodes share. Set both by the network.", data)
            : HealthFinding.Unhealthy("The clock differs from that of PostgreSQL by more than signatures may: callers whose clocks are right are refused here, or what they have signed is. Set both by the network.", data);
    }

    private static async ValueTask<string?> ErrorOfAsync(Database database, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                using NpgsqlCommand command = database.Command("credential.now", connection);
                await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
                return null;
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, it is an answer to the question; the messages name servers and users.
            return exception.GetType().Name;
        }
    }
}
