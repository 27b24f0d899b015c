using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Asks the database for what a request needs, and says which change the answer has seen; each question is one statement, prepared once on each connection.</summary>
internal sealed class CredentialReading(Database database, OpenedSecrets secrets)
{
    // Of the head of changes and of what stands around a credential, before its own columns.
    private const int ColumnsBefore = 6;

    public Task<(Credential? Row, long Seen)> FindAsync(string key, CancellationToken cancellationToken) =>
        FindAsync("credential.find", command => command.Text("key", key), ReadCredentialAsync, cancellationToken);

    public Task<(Credential? Row, long Seen)> FindAsync(TokenHash hash, CancellationToken cancellationToken) =>
        FindAsync("token.find", command => command.Bytes("hash", hash.ToBytes()), ReadCredentialAsync, cancellationToken);

    public Task<(SharingKey? Row, long Seen)> FindSharingKeyAsync(TokenHash hash, CancellationToken cancellationToken) =>
        FindAsync("sharing_key.find", command => command.Bytes("hash", hash.ToBytes()), ReadSharingKeyAsync, cancellationToken);

    public Task<(SharingKey? Row, long Seen)> FindSharingKeyAsync(string id, CancellationToken cancellationToken) =>
        FindAsync("sharing_key.find_by_id", command => command.Text("id", id), ReadSharingKeyAsync, cancellationToken);

    private async Task<T> FindAsync<T>(string name, Action<NpgsqlCommand> add, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
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
