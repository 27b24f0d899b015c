namespace Signing.AspNetCore;

// What becomes of one row and nothing else.
internal static class RowDecisions
{
    public static RowDecision<T> Of<T>(T row, T later, string action, Actor actor, DateTimeOffset now)
        where T : class, IStoredRow
        => new(ChangeStatus.Changed, later, [new RowEdit(row, later)], [AuditEvents.Of(row, action, actor, now)]);

    public static RowDecision<CredentialRecord> Of(CredentialRecord row, CredentialChange change, string action, Actor actor, DateTimeOffset now)
    {
        if (change.Status == ChangeStatus.Unchanged)
        {
            return RowDecision<CredentialRecord>.Unchanged(row);
        }

        ChangeStatus status = change.Status == ChangeStatus.Changed ? RecordRules.Check(change.Credential) : change.Status;
        return status == ChangeStatus.Changed ? Of(row, change.Credential, action, actor, now) : RowDecision<CredentialRecord>.Refused(status);
    }
}
