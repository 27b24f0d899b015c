namespace Signing.AspNetCore;

// What is to become of a row and of those that go with it, decided on what is stored now.
internal readonly record struct RowDecision<T>(ChangeStatus Status, T? Row, IReadOnlyList<RowEdit> Edits, IReadOnlyList<AuditEvent> Audit)
    where T : class, IStoredRow
{
    public static RowDecision<T> Refused(ChangeStatus status) => new(status, null, [], []);

    public static RowDecision<T> Unchanged(T row) => new(ChangeStatus.Unchanged, row, [], []);
}
