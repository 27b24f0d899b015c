using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Stores changes with their audit, and has this node meet them before whoever made them is answered.</summary>
internal sealed class CredentialChanging(Database database, ChangeFeed feed, OpenedSecrets secrets)
{
    private readonly Transactions _transactions = new(database, feed);

    public async ValueTask<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken)
    {
        foreach (RowEdit edit in change.Edits)
        {
            CredentialTables.RequireNext(edit);
        }

        CredentialTransaction? writing = null;
        ChangeStatus status = await _transactions.RunAsync(
            async (session, cancellation) =>
            {
                writing = new CredentialTransaction(session);
                ChangeStatus status = change.Edits.Count == 0 ? ChangeStatus.Changed : await writing.TryWriteAsync(change.Edits, cancellation).ConfigureAwait(false);
                if (status == ChangeStatus.Changed)
                {
                    RequireToOpen(change.Edits);
                    await writing.AppendAsync(cancellation).ConfigureAwait(false);
                    await AuditTable.AppendAsync(session, change.Audit, cancellation).ConfigureAwait(false);
                }

                return (status, status == ChangeStatus.Changed);
            },
            cancellationToken).ConfigureAwait(false);
        if (status == ChangeStatus.Changed)
        {
            writing!.Tell(feed);
        }

        return status;
    }

    // A Secret that does not open was not sealed for this row by this key ring.
    private void RequireToOpen(IReadOnlyList<RowEdit> edits)
    {
        foreach (CredentialRecord credential in edits.Select(edit => edit.Later).OfType<CredentialRecord>())
        {
            secrets.Require(credential);
        }
    }
}
