using Npgsql;
using NpgsqlTypes;

namespace Signing.PostgreSql;

/// <summary>A connection of a writer, kept from batch to batch: to return it and to have it again takes longer than a batch.</summary>
internal sealed class ClaimSession(Database database)
{
    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _insert;

    /// <summary>Gets the connection, for what is not a claim.</summary>
    public async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        _connection ??= await database.OpenAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Inserts a batch, and sets <see cref="PendingClaim.IsInserted"/> for what the database has not known.</summary>
    /// <returns>What was remembered all the while: only times between its ends are granted. <see langword="null"/> if nothing is.</returns>
    public async Task<ClaimMemory?> InsertAsync(ClaimBatch batch, CancellationToken cancellationToken)
    {
        _insert ??= await PrepareAsync("claims.insert", batch, cancellationToken).ConfigureAwait(false);
        // Both statements and the commit are one round trip; the answer counts only when all of it is read.
        NpgsqlDataReader reader = await _insert.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            for (int place = 0; await reader.ReadAsync(cancellationToken).ConfigureAwait(false); place++)
            {
                place = batch.Find(reader.GetGuid(0), place);
                batch.Claims[place].IsInserted = true;
            }

            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // In any other isolation the second statement would see what the first has, and prove nothing.
            if (!reader.GetBoolean(6))
            {
                throw new InvalidOperationException("The claims need the isolation level read committed: set default_transaction_isolation for this user of the database, or leave it as PostgreSQL has it.");
            }

            ClaimMemory memory = Read(reader);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return memory;
        }
    }

    /// <summary>Sets <see cref="PendingClaim.IsFound"/> for signatures that are claimed, and claims none.</summary>
    public async Task LookAsync(ClaimBatch batch, CancellationToken cancellationToken)
    {
        using NpgsqlCommand look = await PrepareAsync("claims.look", batch, cancellationToken).ConfigureAwait(false);
        NpgsqlDataReader reader = await look.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                batch.Claims[(int)reader.GetInt64(0) - 1].IsFound = true;
            }
        }
    }

    /// <summary>Gives the connection back; the next batch gets another one.</summary>
    public async ValueTask CloseAsync()
    {
        if (_insert is not null)
        {
            await _insert.DisposeAsync().ConfigureAwait(false);
            _insert = null;
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
            _connection = null;
        }
    }

    /// <summary>Reads a row of <c>claims.insert</c> or <c>claims.read</c>.</summary>
    internal static ClaimMemory Read(NpgsqlDataReader reader) =>
        new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));

    private async Task<NpgsqlCommand> PrepareAsync(string name, ClaimBatch batch, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = database.Command(name, await ConnectAsync(cancellationToken).ConfigureAwait(false));
        command.Parameters.Add(new NpgsqlParameter<List<short>>("slots", NpgsqlDbType.Array | NpgsqlDbType.Smallint) { TypedValue = batch.Slots });
        command.Parameters.Add(new NpgsqlParameter<List<Guid>>("fingerprints", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { TypedValue = batch.Fingerprints });
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return command;
    }
}
