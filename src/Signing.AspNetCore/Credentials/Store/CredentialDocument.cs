namespace Signing.AspNetCore;

// What the file holds: every row, and the events that are not in the audit file yet. The canary tells a wrong key ring from
// a damaged file.
internal sealed class CredentialDocument
{
    public const string CurrentFormat = "signing credentials, version 1";

    public required string Format { get; init; }

    public required byte[] Canary { get; init; }

    // The number of the last event, so that numbers go on even if the audit file is taken away.
    public required long LastEvent { get; init; }

    public required IReadOnlyList<WorkspaceRecord> Workspaces { get; init; }

    public required IReadOnlyList<ApplicationRecord> Applications { get; init; }

    public required IReadOnlyList<CredentialRecord> Credentials { get; init; }

    public required IReadOnlyList<SharingKeyRecord> SharingKeys { get; init; }

    public required IReadOnlyList<AuditEvent> Audit { get; init; }

    public IEnumerable<IStoredRow> Rows => [.. Workspaces, .. Applications, .. Credentials, .. SharingKeys];
}
