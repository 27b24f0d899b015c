using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Takes over a journal of grants as a whole: grants, master keys as they are sealed, and the bindings of sharing keys.</summary>
internal sealed class GrantImport(Database database, MasterKeySeal seal)
{
    // There may be many grants.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <returns>How many grants there were.</returns>
    public async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("There is no journal of grants to import.", path);
        }

        using ClosedJournal journal = ClosedJournal.Open(path);
        Grant[] grants = [.. journal.Rows.Select(row => row.Grant).OfType<Grant>()];
        SealedMasterKey[] keys = [.. journal.Rows.Select(row => row.MasterKey).OfType<SealedMasterKey>()];
        RequireToOpen(keys, grants);
        SharingKeyBinding[] bindings = [.. journal.Rows.Select(row => row.Binding).OfType<SharingKeyBinding>()];
        await new Transactions(database, new ChangeFeed()).RunAloneAsync(
            async (session, notes, cancellation) =>
            {
                notes.Add(new ChangeNote(ChangeKind.Everything));
                await WriteAsync(session, grants, keys, bindings, cancellation).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return grants.Length;
    }

    // A version whose tokens have all ended need not open any more.
    private void RequireToOpen(SealedMasterKey[] keys, Grant[] grants)
    {
        HashSet<int> named = [.. grants.Select(grant => grant.KeyVersion)];
        foreach (SealedMasterKey key in keys)
        {
            if (key == keys[^1] || named.Contains(key.Version))
            {
                seal.Require(key);
            }
        }
    }

    // The first node that starts waits for the lock that is held here, and then finds the master keys: it makes none.
    private static async Task WriteAsync(DatabaseSession session, Grant[] grants, SealedMasterKey[] keys, SharingKeyBinding[] bindings, CancellationToken cancellationToken)
    {
        await EmptyTables.RequireAsync(session, "grants.are_empty", "grants or master keys already: a journal was imported, or a node has started", cancellationToken).ConfigureAwait(false);

        foreach (SealedMasterKey key in keys)
        {
            await StoredMasterKeys.AddAsync(session, key, cancellationToken).ConfigureAwait(false);
        }

        foreach (SharingKeyBinding binding in bindings)
        {
            await SharingKeyBindings.AddAsync(session, binding.SharingKeyId, binding.Grantee, cancellationToken).ConfigureAwait(false);
        }

        await CopyAsync(session, grants, cancellationToken).ConfigureAwait(false);
        NpgsqlCommand count = session.Command("grants.count");
        count.CommandTimeout = (int)Timeout.TotalSeconds;
        await count.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task CopyAsync(DatabaseSession session, Grant[] grants, CancellationToken cancellationToken)
    {
        NpgsqlBinaryImporter rows = await session.Connection.BeginBinaryImportAsync(session.Database.Sql["grants.copy"], cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            rows.Timeout = Timeout;
            for (int i = 0; i < grants.Length; i++)
            {
                await GrantColumns.CopyAsync(rows, grants[i], i % GrantLogIns.Parts, cancellationToken).ConfigureAwait(false);
            }

            await rows.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
