namespace Signing.AspNetCore;

// Decides what becomes of a row that people edit, and of what goes with it.
internal sealed class RowEditing(RowWriter rows)
{
    public async ValueTask<RowDecision<T>> DecideAsync<T>(T row, T edited, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        IStoredRow permitted = RowEdits.Permitted(row, edited);
        if (row.Equals(permitted))
        {
            return RowDecision<T>.Unchanged(row);
        }

        ChangeStatus status = await CheckAsync(row, permitted, now, cancellationToken).ConfigureAwait(false);
        if (status != ChangeStatus.Changed)
        {
            return RowDecision<T>.Refused(status);
        }

        var later = (T)RowEdits.Next(row, permitted);
        IReadOnlyList<CredentialRecord> tokens = later is CredentialRecord { Kind: CredentialKind.KeyPair } pair
            ? await ListWiderAsync(pair, cancellationToken).ConfigureAwait(false)
            : [];
        return new RowDecision<T>(
            ChangeStatus.Changed,
            later,
            [new RowEdit(row, later), .. tokens.Select(token => new RowEdit(token, Cut(token, (CredentialRecord)(object)later, now)))],
            [AuditEvents.Of(row, RowEdits.ActionOf(row, permitted), actor, now), .. tokens.Where(token => !CredentialStates.IsRevoked(token, now)).Select(token => AuditEvents.Of(token, "credential.edited", actor, now))]);
    }

    // A token whose revocation has come has nothing left to lose but what settling destroys.
    private static CredentialRecord Cut(CredentialRecord token, CredentialRecord pair, DateTimeOffset now) => CredentialStates.IsRevoked(token, now)
        ? CredentialRules.Settle(token, now).Credential
        : token with { Scopes = [.. token.Scopes.Intersect(pair.Scopes, StringComparer.Ordinal)], Version = token.Version + 1 };

    private async ValueTask<ChangeStatus> CheckAsync(IStoredRow row, IStoredRow edited, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (edited)
        {
            case WorkspaceRecord workspace:
                return RecordRules.Check(workspace);
            case ApplicationRecord application:
                WorkspaceRecord? owner = await rows.GetAsync<WorkspaceRecord>(application.WorkspaceId, cancellationToken).ConfigureAwait(false);
                return owner is null ? ChangeStatus.NotFound : RecordRules.Check(application, RequiringNoMore((ApplicationRecord)row, application, owner));
            case CredentialRecord credential:
                return CredentialStates.IsRevoked(credential, now) ? ChangeStatus.AlreadyRevoked : await CheckAsync(credential, cancellationToken).ConfigureAwait(false);
            case SharingKeyRecord when ((SharingKeyRecord)row).Status is not (StoredStatus.Active or StoredStatus.Suspended):
                return ChangeStatus.AlreadyRevoked;
            case SharingKeyRecord sharingKey:
                return sharingKey.Expires != ((SharingKeyRecord)row).Expires && sharingKey.Expires <= now ? ChangeStatus.EndInvalid : RecordRules.Check(sharingKey);
            default:
                return ChangeStatus.NotFound;
        }
    }

    // An application that was made before its workspace asked for bundle ids can be suspended nevertheless.
    private static WorkspaceRecord RequiringNoMore(ApplicationRecord row, ApplicationRecord edited, WorkspaceRecord owner) =>
        row.BundleId is null && edited.BundleId is null ? owner with { BundleIdRequired = false } : owner;

    private async ValueTask<ChangeStatus> CheckAsync(CredentialRecord credential, CancellationToken cancellationToken)
    {
        CredentialRecord? parent = await rows.GetAsync<CredentialRecord>(credential.ParentId, cancellationToken).ConfigureAwait(false);
        return parent is not null && credential.Scopes.Except(parent.Scopes, StringComparer.Ordinal).Any() ? ChangeStatus.ScopeNotGranted : RecordRules.Check(credential);
    }

    private async ValueTask<IReadOnlyList<CredentialRecord>> ListWiderAsync(CredentialRecord pair, CancellationToken cancellationToken) =>
        [.. (await rows.ListAsync(new RowQuery { ParentId = pair.Id }, cancellationToken).ConfigureAwait(false))
            .Where(token => token.Status != StoredStatus.Revoked && token.Scopes.Except(pair.Scopes, StringComparer.Ordinal).Any())];
}
