using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>What a node keeps in memory of the credentials and sharing keys that requests have asked for, and of those that are unknown.</summary>
internal sealed class CredentialLookUps(int capacity, OpenedSecrets secrets) : LookUpCache
{
    public LookUps<string, Credential> ByKey { get; } = new(capacity, StringComparer.Ordinal);

    public LookUps<TokenHash, Credential> ByHash { get; } = new(capacity);

    public LookUps<string, SharingKey> SharingKeys { get; } = new(capacity, StringComparer.Ordinal);

    public override void Forget(long number, ReadOnlySpan<ChangeNote> notes)
    {
        foreach (ChangeNote note in notes)
        {
            Forget(number, note.Kind, note.Subject);
        }
    }

    public override void ForgetAll(long number)
    {
        secrets.ForgetAll();
        ByKey.ForgetAll(number);
        ByHash.ForgetAll(number);
        SharingKeys.ForgetAll(number);
    }

    private void Forget(long number, ChangeKind kind, string subject)
    {
        switch (kind)
        {
            case ChangeKind.Workspace:
                ByKey.Forget(number, credential => credential.WorkspaceId == subject);
                ByHash.Forget(number, credential => credential.WorkspaceId == subject);
                SharingKeys.Forget(number, key => key.GrantorWorkspaceId == subject);
                break;
            case ChangeKind.Application:
                ByKey.Forget(number, credential => credential.ApplicationId == subject);
                ByHash.Forget(number, credential => credential.ApplicationId == subject);
                break;
            case ChangeKind.Credential:
                secrets.Forget(subject);
                break;
            case ChangeKind.CredentialKey:
                ByKey.Forget(number, subject);
                break;
            case ChangeKind.TokenHash when TokenHash.TryParse(subject, out TokenHash hash):
                ByHash.Forget(number, hash);
                break;
            case ChangeKind.ParentKey:
                ByKey.Forget(number, credential => credential.ParentKey == subject);
                ByHash.Forget(number, credential => credential.ParentKey == subject);
                break;
            case ChangeKind.SharingKey:
                SharingKeys.Forget(number, subject);
                break;
            case ChangeKind.Everything:
                ForgetAll(number);
                break;
        }
    }
}
