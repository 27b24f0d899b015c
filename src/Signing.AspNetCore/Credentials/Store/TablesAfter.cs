namespace Signing.AspNetCore;

// The tables as they would be after a change: what refers to what, and what must be unique, is judged by them.
internal sealed class TablesAfter(CredentialTables tables, IReadOnlyList<RowEdit> edits)
{
    public ChangeStatus CheckStored(IStoredRow row) => row switch
    {
        ApplicationRecord application => CheckApplication(application),
        CredentialRecord credential => CheckCredential(credential),
        SharingKeyRecord sharingKey => CheckSharingKey(sharingKey),
        _ => ChangeStatus.Changed,
    };

    // A row that others refer to goes last.
    public ChangeStatus CheckDeleted(IStoredRow row)
    {
        bool isReferredTo = row switch
        {
            WorkspaceRecord => All<ApplicationRecord>().Any(other => other.WorkspaceId == row.Id)
                || All<SharingKeyRecord>().Any(other => other.GrantorWorkspaceId == row.Id),
            ApplicationRecord => All<CredentialRecord>().Any(other => other.ApplicationId == row.Id),
            CredentialRecord => All<CredentialRecord>().Any(other => other.ParentId == row.Id),
            _ => false,
        };
        return isReferredTo ? ChangeStatus.NotEmpty : ChangeStatus.Changed;
    }

    private ChangeStatus CheckApplication(ApplicationRecord application)
    {
        if (!Exists<WorkspaceRecord>(application.WorkspaceId))
        {
            return ChangeStatus.NotFound;
        }

        // Its credentials are seen and refused by their workspace, so it cannot leave with them behind.
        if (All<CredentialRecord>().Any(credential => credential.ApplicationId == application.Id && credential.WorkspaceId != application.WorkspaceId))
        {
            return ChangeStatus.NotEmpty;
        }

        bool isTaken = application.BundleId is not null
            && All<ApplicationRecord>().Any(other => other.Id != application.Id && other.WorkspaceId == application.WorkspaceId && other.BundleId == application.BundleId);
        return isTaken ? ChangeStatus.BundleIdTaken : ChangeStatus.Changed;
    }

    private ChangeStatus CheckCredential(CredentialRecord credential)
    {
        if (Get<ApplicationRecord>(credential.ApplicationId) is not { } application || application.WorkspaceId != credential.WorkspaceId
            || (credential.ParentId is not null && !IsParent(Get<CredentialRecord>(credential.ParentId), credential)))
        {
            return ChangeStatus.NotFound;
        }

        if (CheckScopes(credential) is var scopes and not ChangeStatus.Changed)
        {
            return scopes;
        }

        // The name of a revoked one is free again: its row stays to be looked at, not to be used.
        bool isTaken = credential.Status != StoredStatus.Revoked
            && All<CredentialRecord>().Any(other => other.Id != credential.Id && other.WorkspaceId == credential.WorkspaceId
                && other.Status != StoredStatus.Revoked && string.Equals(other.Name, credential.Name, StringComparison.OrdinalIgnoreCase));
        return isTaken || !IsUnique(credential) ? ChangeStatus.NameTaken : ChangeStatus.Changed;
    }

    private ChangeStatus CheckSharingKey(SharingKeyRecord sharingKey)
    {
        if (!Exists<WorkspaceRecord>(sharingKey.GrantorWorkspaceId))
        {
            return ChangeStatus.NotFound;
        }

        return IsUnique(sharingKey) ? ChangeStatus.Changed : ChangeStatus.NameTaken;
    }

    // Between a token that was made or widened and a KeyPair that lost a scope meanwhile, neither of which has seen the other.
    private ChangeStatus CheckScopes(CredentialRecord credential)
    {
        if (tables.Get<CredentialRecord>(credential.Id) is { } stored && stored.Scopes.SequenceEqual(credential.Scopes, StringComparer.Ordinal))
        {
            return ChangeStatus.Changed;
        }

        if (credential.ParentId is not null && IsWider(credential, Get<CredentialRecord>(credential.ParentId)!))
        {
            return ChangeStatus.ScopeNotGranted;
        }

        bool isLeftBehind = credential.Kind == CredentialKind.KeyPair
            && All<CredentialRecord>().Any(token => token.ParentId == credential.Id && token.Status != StoredStatus.Revoked && IsWider(token, credential));
        return isLeftBehind ? ChangeStatus.VersionMismatch : ChangeStatus.Changed;
    }

    private static bool IsWider(CredentialRecord token, CredentialRecord pair) => token.Scopes.Except(pair.Scopes, StringComparer.Ordinal).Any();

    private static bool IsParent(CredentialRecord? parent, CredentialRecord child) =>
        parent is { Kind: CredentialKind.KeyPair } && parent.Id != child.Id && parent.WorkspaceId == child.WorkspaceId;

    // Keys and hashes are drawn at random: two that are equal are a defect, not an accident.
    private bool IsUnique(CredentialRecord credential) => !All<CredentialRecord>().Any(other =>
        other.Id != credential.Id
        && ((credential.Key is not null && other.Key == credential.Key) || HashesOf(other).Any(hash => HashesOf(credential).Contains(hash))));

    private bool IsUnique(SharingKeyRecord sharingKey) => !All<SharingKeyRecord>().Any(other =>
        other.Id != sharingKey.Id && other.Secret.Hash is not null && other.Secret.Hash == sharingKey.Secret.Hash);

    private static IEnumerable<TokenHash> HashesOf(CredentialRecord credential) => credential.Secrets.Select(secret => secret.Hash).OfType<TokenHash>();

    private bool Exists<T>(string id)
        where T : class, IStoredRow
        => Get<T>(id) is not null;

    private T? Get<T>(string id)
        where T : class, IStoredRow
    {
        foreach (RowEdit edit in edits)
        {
            if ((edit.Later ?? edit.Earlier) is T row && row.Id == id)
            {
                return edit.Later as T;
            }
        }

        return tables.Get<T>(id);
    }

    private IEnumerable<T> All<T>()
        where T : class, IStoredRow
    {
        HashSet<string> edited = new(from edit in edits let row = (edit.Later ?? edit.Earlier) as T where row is not null select row.Id, StringComparer.Ordinal);
        return tables.All<T>().Where(row => !edited.Contains(row.Id)).Concat(edits.Select(edit => edit.Later).OfType<T>());
    }
}
