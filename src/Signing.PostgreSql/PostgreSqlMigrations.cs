using System.Globalization;
using System.Text;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>The numbered steps that make the tables what this version needs.</summary>
/// <remarks>A step is applied once, in a transaction of its own, and recorded in the table <c>migration</c> of the schema. There is no way back: restore a backup instead.</remarks>
public static class PostgreSqlMigrations
{
    // The text "signing", in which any host's nodes agree without a table.
    private const long LockKey = 0x7369676e696e67;

    // A step may have to wait for the one who is just applying it, and to rewrite a large table.
    private const int TimeoutSeconds = 600;

    private static readonly string[] Steps = [.. SqlText.Names.Where(name => char.IsAsciiDigit(name[0])).Order(StringComparer.Ordinal)];

    /// <summary>Gets what a database administrator runs for hosts that may not create tables: every step, each skipped where it is applied already.</summary>
    /// <param name="schema">The schema, as in <see cref="PostgreSqlOptions.Schema"/>.</param>
    /// <returns>A script for <c>psql</c>, of one transaction.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not one that the options would take.</exception>
    public static string Script(string schema = "signing")
    {
        if (!PostgreSqlOptions.IsSchema(schema))
        {
            throw new ArgumentException("The schema is not one that the options would take.", nameof(schema));
        }

        var sql = new SqlText(schema);
        var script = new StringBuilder();
        script.AppendLine("BEGIN;").AppendLine(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey});").AppendLine(Foundation(schema));
        foreach (string step in Steps)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"DO $migration$ BEGIN IF NOT EXISTS (SELECT FROM {schema}.migration WHERE number = {NumberOf(step)}) THEN")
                .AppendLine(sql[step])
                .AppendLine(Record(schema, step))
                .AppendLine("END IF; END $migration$;");
        }

        return script.AppendLine("COMMIT;").ToString();
    }

    /// <summary>Applies the steps that are missing, if any; of several nodes that start at once one does, and the others wait for it.</summary>
    /// <param name="source">The database; its user may create schemas and tables.</param>
    /// <param name="schema">The schema, as in <see cref="PostgreSqlOptions.Schema"/>.</param>
    /// <param name="cancellationToken">Ends the wait; steps may be applied nevertheless.</param>
    /// <returns>The numbers of the steps that this call has applied, in their order.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not one that the options would take.</exception>
    /// <exception cref="PostgreSqlStartException">The tables are of a later version than this one.</exception>
    public static async Task<IReadOnlyList<int>> ApplyAsync(NpgsqlDataSource source, string schema = "signing", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!PostgreSqlOptions.IsSchema(schema))
        {
            throw new ArgumentException("The schema is not one that the options would take.", nameof(schema));
        }

        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // One transaction, so that the lock ends with it whatever happens, behind a transaction pooler too.
            NpgsqlTransaction transaction = await Database.BeginAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await RunAsync($"SELECT pg_advisory_xact_lock({LockKey})", connection, cancellationToken).ConfigureAwait(false);

                // A session that has asked for the schema before remembers that there was none, and waiting for that lock does
                // not make it look again: reading a table does.
                await RunAsync("SELECT count(*) FROM pg_namespace", connection, cancellationToken).ConfigureAwait(false);
                await RunAsync(Foundation(schema), connection, cancellationToken).ConfigureAwait(false);
                HashSet<int> applied = await AppliedAsync(schema, connection, cancellationToken).ConfigureAwait(false);
                RequireToBeKnown(applied);
                var sql = new SqlText(schema);
                string[] missing = [.. Steps.Where(step => !applied.Contains(NumberOf(step)))];
                foreach (string step in missing)
                {
                    await RunAsync(sql[step], connection, cancellationToken).ConfigureAwait(false);
                    await RunAsync(Record(schema, step), connection, cancellationToken).ConfigureAwait(false);
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return [.. missing.Select(NumberOf)];
            }
        }
    }

    /// <summary>Gets the steps that are missing.</summary>
    /// <param name="source">The database.</param>
    /// <param name="schema">The schema, as in <see cref="PostgreSqlOptions.Schema"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their numbers in their order; empty if the tables are what this version needs.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not one that the options would take.</exception>
    /// <exception cref="PostgreSqlStartException">The tables are of a later version than this one.</exception>
    public static async Task<IReadOnlyList<int>> GetMissingAsync(NpgsqlDataSource source, string schema = "signing", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!PostgreSqlOptions.IsSchema(schema))
        {
            throw new ArgumentException("The schema is not one that the options would take.", nameof(schema));
        }

        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            HashSet<int> applied = await AppliedAsync(schema, connection, cancellationToken).ConfigureAwait(false);
            RequireToBeKnown(applied);
            return [.. Steps.Select(NumberOf).Where(number => !applied.Contains(number))];
        }
    }

    private static async Task<HashSet<int>> AppliedAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        HashSet<int> applied = [];
        using var command = new NpgsqlCommand($"SELECT to_regclass('{schema}.migration') IS NOT NULL", connection);
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            return applied;
        }

        command.CommandText = $"SELECT number FROM {schema}.migration";
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                applied.Add(reader.GetInt32(0));
            }
        }

        return applied;
    }

    private static async Task RunAsync(string text, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(text, connection) { CommandTimeout = TimeoutSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void RequireToBeKnown(HashSet<int> applied)
    {
        int latest = NumberOf(Steps[^1]);
        if (applied.FirstOrDefault(number => number > latest) is var unknown and not 0)
        {
            throw new PostgreSqlStartException(
                PostgreSqlStartFault.LaterTables, $"The tables have migration {unknown.ToString(CultureInfo.InvariantCulture)}, and this version of Signing.PostgreSql knows up to {latest.ToString(CultureInfo.InvariantCulture)}. Update the host.");
        }
    }

    private static string Foundation(string schema) =>
        $"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE IF NOT EXISTS {schema}.migration (number int PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now());";

    private static string Record(string schema, string step) =>
        $"INSERT INTO {schema}.migration (number, name) VALUES ({NumberOf(step).ToString(CultureInfo.InvariantCulture)}, '{step[5..]}');";

    private static int NumberOf(string step) => int.Parse(step.AsSpan(0, 4), CultureInfo.InvariantCulture);
}
