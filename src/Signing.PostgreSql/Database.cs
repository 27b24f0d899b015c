using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Signing.PostgreSql;

/// <summary>Opens connections and prepares the named statements; every store asks here.</summary>
internal sealed class Database(NpgsqlDataSource source, PostgreSqlOptions options, TimeProvider? clock = null)
{
    public PostgreSqlOptions Options => options;

    public int TimeoutSeconds => (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);

    public SqlText Sql { get; } = new(options.Schema);

    /// <summary>Opens a connection, or takes one that is idle.</summary>
    /// <exception cref="TimeoutException">None was to be had within <see cref="PostgreSqlOptions.CommandTimeout"/>: no request waits for the longer limit of a connection string.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CommandTimeout);
        try
        {
            return await source.OpenConnectionAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("PostgreSQL gave no connection in time: it cannot be reached, or all of the pool are in use.", exception);
        }
    }

    /// <summary>Opens a connection where Data Protection asks, which cannot wait otherwise.</summary>
    public NpgsqlConnection Open() => source.OpenConnection();

    /// <summary>Makes a command of a named statement, without its parameters but with <c>@now</c> where it asks for it: null where the database's clock counts.</summary>
    public NpgsqlCommand Command(string name, NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        string text = Sql[name];
        var command = new NpgsqlCommand(text, connection, transaction) { CommandTimeout = TimeoutSeconds };
        if (text.Contains("@now", StringComparison.Ordinal))
        {
            command.Parameters.Add(new NpgsqlParameter("now", NpgsqlDbType.TimestampTz) { Value = clock is null ? DBNull.Value : clock.GetUtcNow().UtcDateTime });
        }

        return command;
    }

    public static ValueTask<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
}
