using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The sealed master keys; every node is told of a new one.</summary>
internal sealed class StoredMasterKeys(Database database, Transactions transactions)
{
    public async Task<IReadOnlyList<SealedMasterKey>> GetAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = database.Command("master_keys.list", connection);
            return await ReadAsync(command, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<SealedMasterKey> AddAsync(SealedMasterKey key, CancellationToken cancellationToken) => transactions.RunAloneAsync(
        async (session, notes, cancellation) =>
        {
            if (await AddAsync(session, key, cancellation).ConfigureAwait(false))
            {
                notes.Add(new ChangeNote(ChangeKind.MasterKey));
            }

            using NpgsqlCommand find = session.Command("master_keys.find").Number("version", key.Version);
            return (await ReadAsync(find, cancellation).ConfigureAwait(false))[0];
        },
        cancellationToken);

    /// <returns>False if there is one of that version.</returns>
    public static async Task<bool> AddAsync(DatabaseSession session, SealedMasterKey key, CancellationToken cancellationToken) =>
        await session.Command("master_keys.add").Number("version", key.Version).Bytes("sealed", key.Sealed).Instant("created", key.Created)
            .RunAsync(cancellationToken).ConfigureAwait(false) > 0;

    // No node is told: the key in the seal is the same.
    public async Task<bool> TryResealAsync(SealedMasterKey earlier, SealedMasterKey later, CancellationToken cancellationToken)
    {
        if (earlier.Version != later.Version)
        {
            return false;
        }

        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlCommand command = database.Command("master_keys.reseal", connection).Number("version", earlier.Version).Bytes("earlier", earlier.Sealed).Bytes("later", later.Sealed);
            return await command.RunAsync(cancellationToken).ConfigureAwait(false) > 0;
        }
    }

    private static async Task<List<SealedMasterKey>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        List<SealedMasterKey> keys = [];
        NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                keys.Add(new SealedMasterKey { Version = row.GetInt32(0), Sealed = row.GetFieldValue<byte[]>(1), Created = row.GetFieldValue<DateTimeOffset>(2) });
            }
        }

        return keys;
    }
}
