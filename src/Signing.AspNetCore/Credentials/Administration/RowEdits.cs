namespace Signing.AspNetCore;

// What an edit may change of a row, and what it is called; all else is the rules' or never changes.
internal static class RowEdits
{
    public static IStoredRow Next(IStoredRow row, IStoredRow edited) => edited switch
    {
        WorkspaceRecord workspace => workspace with { Version = row.Version + 1 },
        ApplicationRecord application => application with { Version = row.Version + 1 },
        CredentialRecord credential => credential with { Version = row.Version + 1 },
        SharingKeyRecord sharingKey => sharingKey with { Version = row.Version + 1 },
        _ => throw new ArgumentException($"{row.GetType().Name} is no row of the credential store.", nameof(row)),
    };

    // The row with nothing but what an edit may change taken from the other.
    public static IStoredRow Permitted(IStoredRow row, IStoredRow edited) => (row, edited) switch
    {
        (WorkspaceRecord stored, WorkspaceRecord later) => later with { Id = stored.Id, Created = stored.Created, Version = stored.Version },
        (ApplicationRecord stored, ApplicationRecord later) => stored with
        {
            Name = later.Name,
            BundleId = later.BundleId,
            Description = later.Description,
            ConnectedApis = ListOf(later.ConnectedApis, stored.ConnectedApis),
            Status = StatusOf(later.Status, stored.Status),
        },
        (CredentialRecord stored, CredentialRecord later) => stored with
        {
            Name = later.Name,
            Scopes = ListOf(later.Scopes, stored.Scopes),
            ClientSecretAllowed = later.ClientSecretAllowed,
        },
        (SharingKeyRecord stored, SharingKeyRecord later) => stored with
        {
            Name = later.Name,
            Scopes = ListOf(later.Scopes, stored.Scopes),
            Expires = later.Expires,
            Status = StatusOf(later.Status, stored.Status),
        },
        _ => row,
    };

    public static string ActionOf(IStoredRow row, IStoredRow edited) => (row, edited) switch
    {
        (WorkspaceRecord stored, WorkspaceRecord later) when stored.Enabled != later.Enabled => later.Enabled ? "workspace.enabled" : "workspace.disabled",
        (ApplicationRecord stored, ApplicationRecord later) when stored.Status != later.Status => $"application.{WordOf(later.Status)}",
        (SharingKeyRecord stored, SharingKeyRecord later) when stored.Status != later.Status => $"sharing_key.{WordOf(later.Status)}",
        _ => $"{AuditEvents.KindOf(row)}.edited",
    };

    private static string WordOf(StoredStatus status) => status == StoredStatus.Active ? "resumed" : "suspended";

    // Records compare lists by reference: one that says the same is no change.
    private static IReadOnlyList<string> ListOf(IReadOnlyList<string> wanted, IReadOnlyList<string> stored) =>
        wanted.SequenceEqual(stored, StringComparer.Ordinal) ? stored : wanted;

    // Revoking is a change of its own.
    private static StoredStatus StatusOf(StoredStatus wanted, StoredStatus stored) => wanted is StoredStatus.Active or StoredStatus.Suspended ? wanted : stored;
}
