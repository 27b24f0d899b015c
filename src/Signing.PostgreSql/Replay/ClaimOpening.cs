using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Signing.PostgreSql;

/// <summary>Changes what is remembered: empties slots, lets later times be claimed, and begins anew where the memory is lost.</summary>
internal sealed class ClaimOpening(Database database, Func<ClaimWindow> window, ClaimHealth health, TimeSpan patience)
{
    private volatile ClaimMemory? _known;

    /// <summary>What this node has last read. It only chooses what is worth asking for: the floors that grant are read in the statement that claims.</summary>
    public ClaimMemory? Known
    {
        get => _known;
        set => _known = value;
    }

    /// <summary>Sees to it that a time may be claimed, if it is due.</summary>
    /// <param name="connection">The connection to use, so that a node needs no others than its writers'.</param>
    /// <param name="created">The time.</param>
    /// <param name="onlyIfFree">Whether to leave it to whoever else is changing what is remembered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is remembered now; <see langword="null"/> if it was left to somebody else.</returns>
    public async Task<ClaimMemory?> OpenAsync(NpgsqlConnection connection, long created, bool onlyIfFree, CancellationToken cancellationToken)
    {
        ClaimWindow needed = window();
        NpgsqlTransaction transaction = await Database.BeginAsync(connection, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (!await LockAsync(onlyIfFree, connection, transaction, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // Read after the lock is held: it is what the one before has left.
            (ClaimMemory? found, long horizon, long second) = await ReadAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
            // One of a shorter window has too few seconds in its slots for this node's signatures.
            bool begins = found is null || found.Length < needed.Length;
            ClaimMemory memory = begins ? ClaimMemory.Begin(needed, horizon, second) : found!;
            if (begins)
            {
                await BeginAsync(memory, connection, transaction, cancellationToken).ConfigureAwait(false);
            }

            ClaimMemory opened = memory.OpenFor(created, needed);
            if (opened != memory)
            {
                await OpenAsync(memory, opened, connection, transaction, cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            _known = opened;
            if (begins)
            {
                health.Begun(opened.Begun);
            }

            return opened;
        }
    }

    private async Task<bool> LockAsync(bool onlyIfFree, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command(onlyIfFree ? "claims.lock-if-free" : "claims.lock", connection, transaction);
        string milliseconds = patience.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        command.Parameters.Add(new NpgsqlParameter<string>("patience", NpgsqlDbType.Text) { TypedValue = milliseconds });
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(ClaimMemory? Memory, long Horizon, long Second)> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("claims.read", connection, transaction);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? (reader.IsDBNull(0) ? null : ClaimSession.Read(reader), reader.GetInt64(4), reader.GetInt64(5))
                : throw new InvalidOperationException("The row of claim_mark is missing, which the migration has made: without it nobody knows what was accepted.");
        }
    }

    private async Task BeginAsync(ClaimMemory memory, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("claims.begin", connection, transaction);
        Add(command, "floor", memory.Begun);
        Add(command, "cleared", memory.Cleared);
        Add(command, "width", memory.Width);
        Add(command, "length", memory.Length);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task OpenAsync(ClaimMemory memory, ClaimMemory opened, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("claims.open", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<short[]>("slots", NpgsqlDbType.Array | NpgsqlDbType.Smallint) { TypedValue = memory.SlotsUpTo(opened.Cleared) });
        Add(command, "cleared", opened.Cleared);
        Add(command, "horizon", opened.Horizon);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Add(NpgsqlCommand command, string name, long value) =>
        command.Parameters.Add(new NpgsqlParameter<long>(name, NpgsqlDbType.Bigint) { TypedValue = value });
}
