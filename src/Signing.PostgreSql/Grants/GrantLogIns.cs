using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Stores new grants within the limits, and forgets those that have ended.</summary>
internal sealed class GrantLogIns(Database database, Transactions transactions, int capacity)
{
    public const int Parts = 16;

    // Each login forgets more than it adds.
    private const int MostToSweep = 16;

    private int _start = Random.Shared.Next(Parts);

    public async Task<GrantInsertion> InsertAsync(Grant grant, CancellationToken cancellationToken)
    {
        if (await IsAnyDueAsync(cancellationToken).ConfigureAwait(false))
        {
            await transactions.RunAsync(SweepAsync, cancellationToken).ConfigureAwait(false);
        }

        GrantInsertion? insertion = null;
        while (insertion is null)
        {
            insertion = await transactions.RunAsync((session, cancellation) => TryInsertAsync(grant, session, cancellation), cancellationToken).ConfigureAwait(false);
        }

        return insertion.Value;
    }

    // Null: the part was filled by others meanwhile, and another one may have room.
    private async Task<(GrantInsertion? Answer, bool MustLast)> TryInsertAsync(Grant grant, DatabaseSession session, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("grants.insert").GrantLogIn(grant).GrantState(grant)
            .Number("capacity", capacity)
            .Number("start", (int)((uint)Interlocked.Increment(ref _start) % Parts));
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            await row.ReadAsync(cancellationToken).ConfigureAwait(false);
            return (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2)) switch
            {
                (true, _, _) => (GrantInsertion.Inserted, true),
                (_, false, _) => (GrantInsertion.QuotaExceeded, false),
                (_, _, true) => (null, false),
                _ => (GrantInsertion.Unavailable, false),
            };
        }
    }

    private async Task<bool> IsAnyDueAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = database.Command("grants.due", connection);
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }

    // The clients' counts before the parts', as a login takes them.
    private static async Task<(bool Answer, bool MustLast)> SweepAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        if (!(await session.Command("grants.sweep_alone").AskAsync(cancellationToken).ConfigureAwait(false))[0])
        {
            return (false, false);
        }

        (List<string> clients, List<int> parts) = await ForgetAsync(session, cancellationToken).ConfigureAwait(false);
        if (clients.Count > 0)
        {
            await session.Command("grants.count_down_clients").Texts("clients", clients).RunAsync(cancellationToken).ConfigureAwait(false);
            await session.Command("grants.count_down_parts").Smalls("parts", parts).RunAsync(cancellationToken).ConfigureAwait(false);
        }

        return (true, true);
    }

    private static async Task<(List<string> Clients, List<int> Parts)> ForgetAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        List<string> clients = [];
        List<int> parts = [];
        using NpgsqlCommand sweep = session.Command("grants.sweep").Number("most", MostToSweep);
        NpgsqlDataReader row = await sweep.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                clients.Add(row.GetString(0));
                parts.Add(row.GetInt16(1));
            }
        }

        return (clients, parts);
    }
}
