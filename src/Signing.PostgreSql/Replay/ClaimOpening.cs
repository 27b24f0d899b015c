using System.Globalization;
using Npgsql;

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
            var session = new DatabaseSession(database, connection, transaction);
            if (!await LockAsync(onlyIfFree, session, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // Read after the lock is held: it is what the one before has left.
            (ClaimMemory? found, long horizon, long second) = await ReadAsync(session, cancellationToken).ConfigureAwait(false);
            // One of a shorter window has too few seconds in its slots for this node's signatures.
            bool begins = found is null || found.Length < needed.Length;
            ClaimMemory memory = begins ? ClaimMemory.Begin(needed, horizon, second) : found!;
            if (begins)
            {
                await BeginAsync(memory, session, cancellationToken).ConfigureAwait(false);
            }

            ClaimMemory opened = memory.OpenFor(created, needed);
            if (opened != memory)
            {
                await OpenAsync(memory, opened, session, cancellationToken).ConfigureAwait(false);
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

    private async Task<bool> LockAsync(bool onlyIfFree, DatabaseSession session, CancellationToken cancellationToken)
    {
        string milliseconds = patience.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        using NpgsqlCommand command = session.Command(onlyIfFree ? "claims.lock-if-free" : "claims.lock").Text("patience", milliseconds);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(ClaimMemory? Memory, long Horizon, long Second)> ReadAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("claims.read");
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? (reader.IsDBNull(0) ? null : ClaimSession.Read(reader), reader.GetInt64(4), reader.GetInt64(5))
                : throw new InvalidOperationException("The row of claim_mark is missing, which the migration has made: without it nobody knows what was accepted.");
        }
    }

    private static Task<int> BeginAsync(ClaimMemory memory, DatabaseSession session, CancellationToken cancellationToken) => session.Command("claims.begin")
        .Long("floor", memory.Begun).Long("cleared", memory.Cleared).Long("width", memory.Width).Long("length", memory.Length)
        .RunAsync(cancellationToken);

    private static Task<int> OpenAsync(ClaimMemory memory, ClaimMemory opened, DatabaseSession session, CancellationToken cancellationToken) => session.Command("claims.open")
        .Smalls("slots", memory.SlotsUpTo(opened.Cleared)).Long("cleared", opened.Cleared).Long("horizon", opened.Horizon)
        .RunAsync(cancellationToken);
}
