namespace Signing.AspNetCore;

// The events of what operators do.
internal static class AuditEvents
{
    public static AuditEvent Of(IStoredRow row, string action, Actor actor, DateTimeOffset now) => new()
    {
        At = now,
        Actor = actor.Name,
        Address = actor.Address,
        Action = action,
        Target = row.Id,
        WorkspaceId = row switch
        {
            WorkspaceRecord workspace => workspace.Id,
            ApplicationRecord application => application.WorkspaceId,
            CredentialRecord credential => credential.WorkspaceId,
            SharingKeyRecord sharingKey => sharingKey.GrantorWorkspaceId,
            _ => throw new ArgumentException($"{row.GetType().Name} is no row of the credential store.", nameof(row)),
        },
        OtherWorkspaceId = (row as SharingKeyRecord)?.GranteeWorkspaceId,
        Outcome = ChangeOutcome.Of(ChangeStatus.Changed).Code,
    };

    public static string KindOf(IStoredRow row) => row switch
    {
        WorkspaceRecord => "workspace",
        ApplicationRecord => "application",
        CredentialRecord => "credential",
        _ => "sharing_key",
    };
}
