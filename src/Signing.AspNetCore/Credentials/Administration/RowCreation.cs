namespace Signing.AspNetCore;

// Stores what is created, after the rows that it needs were looked up.
internal sealed class RowCreation(RowWriter rows, RowMaker maker)
{
    public async Task<RowResult<WorkspaceRecord>> WorkspaceAsync(NewWorkspace workspace, Actor actor, CancellationToken cancellationToken)
    {
        (ChangeStatus status, WorkspaceRecord row) = maker.NewWorkspace(workspace, actor);
        return await CreateAsync(status, row, actor, cancellationToken).ConfigureAwait(false);
    }

    public async Task<RowResult<ApplicationRecord>> ApplicationAsync(NewApplication application, Actor actor, CancellationToken cancellationToken)
    {
        if (await rows.GetAsync<WorkspaceRecord>(application.WorkspaceId, cancellationToken).ConfigureAwait(false) is not { } workspace)
        {
            return new RowResult<ApplicationRecord>(ChangeStatus.NotFound, null);
        }

        (ChangeStatus status, ApplicationRecord row) = maker.NewApplication(application, workspace, actor);
        return await CreateAsync(status, row, actor, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ApplicationResult> ApplicationWithCredentialAsync(
        NewApplication application, NewCredential credential, Actor actor, CancellationToken cancellationToken)
    {
        if (await rows.GetAsync<WorkspaceRecord>(application.WorkspaceId, cancellationToken).ConfigureAwait(false) is not { } workspace)
        {
            return new ApplicationResult(ChangeStatus.NotFound, null, null, null);
        }

        (ChangeStatus status, ApplicationRecord owner) = maker.NewApplication(application, workspace, actor);
        if (status != ChangeStatus.Changed)
        {
            return new ApplicationResult(status, null, null, null);
        }

        SecretResult made = maker.NewCredential(credential, owner, parent: null, workspace, actor);
        status = made.Status == ChangeStatus.Changed
            ? await rows.CreateAsync([owner, made.Credential!], [Created(owner, actor), Created(made.Credential!, actor)], cancellationToken).ConfigureAwait(false)
            : made.Status;
        return status == ChangeStatus.Changed ? new ApplicationResult(status, owner, made.Credential, made.Text) : new ApplicationResult(status, null, null, null);
    }

    public async Task<SecretResult> CredentialAsync(NewCredential credential, Actor actor, CancellationToken cancellationToken)
    {
        CredentialRecord? parent = await rows.GetAsync<CredentialRecord>(credential.ParentId, cancellationToken).ConfigureAwait(false);
        ApplicationRecord? application =
            await rows.GetAsync<ApplicationRecord>(credential.ApplicationId ?? parent?.ApplicationId, cancellationToken).ConfigureAwait(false);
        WorkspaceRecord? workspace = await rows.GetAsync<WorkspaceRecord>(application?.WorkspaceId, cancellationToken).ConfigureAwait(false);
        if (workspace is null || (credential.ParentId is not null && parent is null))
        {
            return new SecretResult(ChangeStatus.NotFound, null, null);
        }

        SecretResult made = maker.NewCredential(credential, application!, parent, workspace, actor);
        RowResult<CredentialRecord> stored = await CreateAsync(made.Status, made.Credential!, actor, cancellationToken).ConfigureAwait(false);
        return new SecretResult(stored.Status, stored.Row, stored.Row is null ? null : made.Text);
    }

    public async Task<SharingKeyResult> SharingKeyAsync(NewSharingKey sharingKey, Actor actor, CancellationToken cancellationToken)
    {
        ApplicationRecord? application = await rows.GetAsync<ApplicationRecord>(sharingKey.GranteeApplicationId, cancellationToken).ConfigureAwait(false);

        // Whose an application is belongs to the row, because the people there see it, too.
        string? granteeId = sharingKey.GranteeWorkspaceId ?? application?.WorkspaceId;
        bool isGranteeUnknown =
            (granteeId is not null && await rows.GetAsync<WorkspaceRecord>(granteeId, cancellationToken).ConfigureAwait(false) is null)
            || (sharingKey.GranteeApplicationId is not null && (application is null || application.WorkspaceId != granteeId));
        if (isGranteeUnknown)
        {
            return new SharingKeyResult(ChangeStatus.NotFound, null, null);
        }

        SharingKeyResult made = maker.NewSharingKey(sharingKey with { GranteeWorkspaceId = granteeId }, actor);
        RowResult<SharingKeyRecord> stored = await CreateAsync(made.Status, made.SharingKey!, actor, cancellationToken).ConfigureAwait(false);
        return new SharingKeyResult(stored.Status, stored.Row, stored.Row is null ? null : made.Text);
    }

    private AuditEvent Created(IStoredRow row, Actor actor) => AuditEvents.Of(row, $"{AuditEvents.KindOf(row)}.created", actor, rows.Now);

    private async Task<RowResult<T>> CreateAsync<T>(ChangeStatus status, T row, Actor actor, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        if (status == ChangeStatus.Changed)
        {
            status = await rows.CreateAsync([row], [Created(row, actor)], cancellationToken).ConfigureAwait(false);
        }

        return new RowResult<T>(status, status == ChangeStatus.Changed ? row : null);
    }
}
