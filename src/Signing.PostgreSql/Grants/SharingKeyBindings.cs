using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Whoever has used a sharing key first. A binding never changes, so it is asked for once.</summary>
internal sealed class SharingKeyBindings(Database database, GrantCache cache)
{
    public async Task<string> BindAsync(string sharingKeyId, string grantee, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (await FindAsync(sharingKeyId, connection, cancellationToken).ConfigureAwait(false) is { } earlier)
            {
                return earlier;
            }

            await AddAsync(new DatabaseSession(database, connection), sharingKeyId, grantee, cancellationToken).ConfigureAwait(false);
            return await FindAsync(sharingKeyId, connection, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The binding of a sharing key was deleted while it was made.");
        }
    }

    public static Task AddAsync(DatabaseSession session, string sharingKeyId, string grantee, CancellationToken cancellationToken) =>
        session.Command("bindings.add").Text("sharing_key_id", sharingKeyId).Text("grantee", grantee).RunAsync(cancellationToken);

    private async Task<string?> FindAsync(string sharingKeyId, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using NpgsqlCommand find = database.Command("bindings.find", connection).Text("sharing_key_id", sharingKeyId);
        NpgsqlDataReader row = await find.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            string grantee = row.GetString(0);
            cache.KeepBinding(sharingKeyId, grantee, row.GetInt64(1));
            return grantee;
        }
    }
}
