namespace Signing.AspNetCore;

// Decides what goes with a row that is deleted; of a credential that still worked the audit says that it was revoked, too.
internal sealed class RowRemoval(RowWriter rows)
{
    public async ValueTask<RowDecision<T>> DecideAsync<T>(T row, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        List<CredentialRecord> credentials = row switch
        {
            ApplicationRecord application => await rows.ListAsync(new RowQuery { ApplicationId = application.Id }, cancellationToken).ConfigureAwait(false),
            CredentialRecord credential => [.. await rows.ListAsync(new RowQuery { ParentId = credential.Id }, cancellationToken).ConfigureAwait(false), credential],
            _ => [],
        };
        IEnumerable<IStoredRow> all = row is CredentialRecord ? credentials : [.. credentials, row];
        return new RowDecision<T>(
            ChangeStatus.Changed,
            row,
            [.. all.Select(gone => new RowEdit(gone, null))],
            [.. credentials.Where(gone => !CredentialStates.IsRevoked(gone, now)).Select(gone => AuditEvents.Of(gone, "credential.revoked", actor, now)),
             .. all.Select(gone => AuditEvents.Of(gone, $"{AuditEvents.KindOf(gone)}.deleted", actor, now))]);
    }
}
