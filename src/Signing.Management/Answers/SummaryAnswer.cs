namespace Signing.Management;

/// <summary>What an operator sees first.</summary>
internal sealed record SummaryAnswer(
    IReadOnlyDictionary<string, int> Counts,
    int Applications,
    IReadOnlyList<CredentialAnswer> Expiring,
    IReadOnlyList<CredentialAnswer> Overdue,
    IReadOnlyList<AuditEventAnswer> Audit);
