using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Takes over a file of credentials as a whole: rows, Secrets as they are sealed, and the audit with its numbers.</summary>
internal sealed class CredentialImport(Database database, SecretSeal seal)
{
    private const int EventsAtOnce = 5000;

    // In one round trip: every writer of every node waits until all rows are there.
    private const int RowsAtOnce = 500;

    // What is committed at the end is checked before, and may be much.
    private const int LongestSeconds = 600;

    /// <returns>How many credentials there were.</returns>
    public async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("There is no file of credentials to import.", path);
        }

        var disk = new Disk();
        var file = new CredentialFile(path, disk);
        using FileLock held = file.Lock();
        var audit = new AuditFile(path + AuditFile.Ending, disk);
        var ledger = new CredentialLedger(seal, new AuditTrail(audit), TimeProvider.System);
        file.Load(ledger, seal);
        CredentialDocument document = ledger.ToDocument(out _);
        AuditEvent[] events = [.. audit.Open(), .. document.Audit];
        await WriteAsync(document, events, cancellationToken).ConfigureAwait(false);
        return document.Credentials.Count;
    }

    private async Task WriteAsync(CredentialDocument document, AuditEvent[] events, CancellationToken cancellationToken)
    {
        await new Transactions(database, new ChangeFeed()).RunAloneAsync(
            async (session, notes, cancellation) =>
            {
                await EmptyTables.RequireAsync(session, "credentials.are_empty", "credentials or events already: a file was imported, or an operator has begun", cancellation).ConfigureAwait(false);

                await new CredentialCanary(database, seal).RequireAsync(session, cancellation).ConfigureAwait(false);
                foreach (IStoredRow[] rows in document.Rows.Chunk(RowsAtOnce))
                {
                    await session.RunAsync(rows.SelectMany(row => CredentialTransaction.TableOf(row.GetType()).WritesOf(session, row)), LongestSeconds, cancellation).ConfigureAwait(false);
                }

                await AuditTable.ImportAsync(session, events.Chunk(EventsAtOnce).DefaultIfEmpty([]), document.LastEvent, cancellation).ConfigureAwait(false);
                NpgsqlCommand check = session.Command("credentials.check");
                check.CommandTimeout = LongestSeconds;
                await check.RunAsync(cancellation).ConfigureAwait(false);
                notes.Add(new ChangeNote(ChangeKind.Everything));
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
