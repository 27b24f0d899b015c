using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Has the tables ready before anything else of the host begins: what cannot work stops the start, with the reason and what to do.</summary>
internal sealed class PostgreSqlStart(PostgreSqlSource source, PostgreSqlOptions options, IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken).ConfigureAwait(false);

            // Asked for only now: a key ring may stand in the tables, too.
            if (services.GetService<CredentialStart>() is { } credentials)
            {
                await credentials.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (services.GetService<KeyRingStart>() is { } ring && services.GetService<TokenKeys>() is null)
            {
                ring.Require();
            }

            if (services.GetService<PostgreSqlReplayStore>() is { } replay)
            {
                await replay.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PostgreSqlStartException(
                PostgreSqlStartFault.MissingTables,
                $"The user of the connection may not make or use the tables of the schema {options.Schema}: {exception.MessageText}. Have PostgreSqlMigrations.Script run by whoever may, "
                + "and grant the host's user USAGE of the schema and SELECT, INSERT, UPDATE, DELETE and TRUNCATE of its tables.",
                exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException)
        {
            throw new PostgreSqlStartException(
                PostgreSqlStartFault.Unreachable,
                $"PostgreSQL at {Place()} cannot be reached, or does not let the host in: {exception.Message.TrimEnd('.')}. See that the server runs, that the connection string of AddSigningPostgreSql names it, "
                + "that the database exists, and that its user and password are right.",
                exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Without what is secret in a connection string.
    private string Place()
    {
        var address = new NpgsqlConnectionStringBuilder(source.Source.ConnectionString);
        return string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}, database {address.Database ?? address.Username}");
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        // Where nothing is missing, the right to make tables is not needed.
        IReadOnlyList<int> missing = await PostgreSqlMigrations.GetMissingAsync(source.Source, options.Schema, cancellationToken).ConfigureAwait(false);
        if (missing.Count == 0)
        {
            return;
        }

        if (!options.MigrateAtStart)
        {
            throw new PostgreSqlStartException(
                PostgreSqlStartFault.MissingTables,
                $"The schema {options.Schema} lacks the steps {string.Join(", ", missing.Select(step => step.ToString(CultureInfo.InvariantCulture)))} of its migrations, and MigrateAtStart is off. "
                + "Have PostgreSqlMigrations.Script run by whoever may make tables, or let the host do it.");
        }

        await PostgreSqlMigrations.ApplyAsync(source.Source, options.Schema, cancellationToken).ConfigureAwait(false);
    }
}
