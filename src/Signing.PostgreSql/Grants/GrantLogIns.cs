using Npgsql;
using NpgsqlTypes;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Stores new grants within the limits, and forgets those that have ended.</summary>
internal sealed class GrantLogIns(Database database, Transactions transactions, int capacity)
{
    public const int Parts = 16;

    // One client may hold a quarter, so that its endless logins cannot lock out the others.
    private const int SharesOfCapacity = 4;

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
            insertion = await transactions.RunAsync((transaction, cancellation) => TryInsertAsync(grant, transaction, cancellation), cancellationToken).ConfigureAwait(false);
        }

        return insertion.Value;
    }

    // Null: the part was filled by others meanwhile, and another one may have room.
    private async Task<(GrantInsertion? Answer, bool MustLast)> TryInsertAsync(Grant grant, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("grants.insert", transaction.Connection!, transaction);
        GrantColumns.AddLogIn(command.Parameters, grant);
        GrantColumns.AddState(command.Parameters, grant);
        command.Parameters.Add(IntegerOf("capacity", capacity));
        command.Parameters.Add(IntegerOf("quota", Math.Max(1, capacity / SharesOfCapacity)));
        command.Parameters.Add(IntegerOf("start", (int)((uint)Interlocked.Increment(ref _start) % Parts)));
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
    private async Task<(bool Answer, bool MustLast)> SweepAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand alone = database.Command("grants.sweep_alone", transaction.Connection!, transaction);
        if (await alone.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            return (false, false);
        }

        (List<string> clients, List<short> parts) = await ForgetAsync(transaction, cancellationToken).ConfigureAwait(false);
        if (clients.Count > 0)
        {
            using NpgsqlCommand countClients = database.Command("grants.count_down_clients", transaction.Connection!, transaction);
            countClients.Parameters.Add(new NpgsqlParameter<string[]>("clients", NpgsqlDbType.Array | NpgsqlDbType.Text) { TypedValue = [.. clients] });
            await countClients.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            using NpgsqlCommand countParts = database.Command("grants.count_down_parts", transaction.Connection!, transaction);
            countParts.Parameters.Add(new NpgsqlParameter<short[]>("parts", NpgsqlDbType.Array | NpgsqlDbType.Smallint) { TypedValue = [.. parts] });
            await countParts.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        return (true, true);
    }

    private async Task<(List<string> Clients, List<short> Parts)> ForgetAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        List<string> clients = [];
        List<short> parts = [];
        using NpgsqlCommand sweep = database.Command("grants.sweep", transaction.Connection!, transaction);
        sweep.Parameters.Add(IntegerOf("most", MostToSweep));
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

    private static NpgsqlParameter<int> IntegerOf(string name, int value) => new(name, NpgsqlDbType.Integer) { TypedValue = value };
}
