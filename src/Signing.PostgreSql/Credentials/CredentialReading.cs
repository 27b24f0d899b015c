using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Asks the database for what a request needs and the node does not remember; each question is one statement, prepared once on each connection.</summary>
internal sealed class CredentialReading(Database database, ChangeFeed feed, CredentialLookUps known, OpenedSecrets secrets)
{
    // So many ask the database at once for what the node does not remember.
    private const int MaxLookUps = 16;

    // Of the head of changes and of what stands around a credential, before its own columns.
    private const int ColumnsBefore = 6;

    private readonly LookUpGate _gate = new(MaxLookUps, database.Options.CommandTimeout);

    public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) =>
        FindAsync(known.ByKey, key, (asked, cancellation) => AskAsync("credential.find", command => command.Text("key", asked), ReadCredentialAsync, cancellation), cancellationToken);

    public ValueTask<Credential?> FindAsync(TokenHash hash, CancellationToken cancellationToken) =>
        FindAsync(known.ByHash, hash, (asked, cancellation) => AskAsync("token.find", command => command.Bytes("hash", asked.ToBytes()), ReadCredentialAsync, cancellation), cancellationToken);

    public ValueTask<SharingKey?> FindSharingKeyAsync(string id, CancellationToken cancellationToken) =>
        FindAsync(known.SharingKeys, id, (asked, cancellation) => AskAsync("sharing_key.find_by_id", command => command.Text("id", asked), ReadSharingKeyAsync, cancellation), cancellationToken);

    // A client sends its text only when it logs in: it is asked for each time, and kept by its id alone.
    public async ValueTask<SharingKey?> FindSharingKeyAsync(TokenHash hash, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            (SharingKey? row, long seen) = await AskAsync("sharing_key.find", command => command.Bytes("hash", hash.ToBytes()), ReadSharingKeyAsync, cancellationToken).ConfigureAwait(false);
            if (row is not null)
            {
                known.SharingKeys.Keep(row.Id, row, seen);
            }

            return row;
        }
        finally
        {
            _gate.Leave();
        }
    }

    // Of many who ask for the same at once, those who had to wait find it in memory.
    private async ValueTask<TRow?> FindAsync<TKey, TRow>(
        LookUps<TKey, TRow> memory, TKey key, Func<TKey, CancellationToken, Task<(TRow? Row, long Seen)>> ask, CancellationToken cancellationToken)
        where TKey : notnull
        where TRow : class
    {
        await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (feed.IsFresh && memory.TryGet(key, out TRow? remembered))
            {
                return remembered;
            }

            (TRow? row, long seen) = await ask(key, cancellationToken).ConfigureAwait(false);
            memory.Keep(key, row, seen);
            return row;
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async Task<T> AskAsync<T>(string name, Action<NpgsqlCommand> add, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = database.Command(name, connection);
            add(command);
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                    ? await read(reader, cancellationToken).ConfigureAwait(false)
                    : throw new InvalidOperationException("The table change_head has lost its row: restore it from a backup.");
            }
        }
    }

    private async Task<(Credential? Row, long Seen)> ReadCredentialAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var columns = new Columns(reader);
        long seen = columns.Long();
        if (await reader.IsDBNullAsync(ColumnsBefore, cancellationToken).ConfigureAwait(false))
        {
            return (null, seen);
        }

        var surroundings = new RowSurroundings(columns.Text(), (StoredStatus)columns.Small(), columns.Texts(), columns.Flag(), columns.TextOrNull());
        List<CredentialRecord> rows = await CredentialTable.ReadRowsAsync(reader, ColumnsBefore, cancellationToken).ConfigureAwait(false);
        return (LiveRows.Of(rows[0], surroundings, secrets.KeyOf), seen);
    }

    private static async Task<(SharingKey? Row, long Seen)> ReadSharingKeyAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var columns = new Columns(reader);
        long seen = columns.Long();
        if (await reader.IsDBNullAsync(1, cancellationToken).ConfigureAwait(false))
        {
            return (null, seen);
        }

        bool grantorEnabled = columns.Flag();
        return (LiveRows.Of(SharingKeyTable.ReadRow(columns), grantorEnabled), seen);
    }
}
