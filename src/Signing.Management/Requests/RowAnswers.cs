using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Makes answers of rows: what is stored, what is computed from it and the time, and the names of what it belongs to.</summary>
internal static class RowAnswers
{
    public static async ValueTask<WorkspaceAnswer> AnswerAsync(this ManagementRequest request, WorkspaceRecord row)
    {
        int applications = (await request.Rows.TallyAsync<WorkspaceRecord>(row.Id).ConfigureAwait(false)).Count;
        return new WorkspaceAnswer(
            row.Id, row.Name, row.Enabled, Word.Of(row.Disclosure), row.BundleIdRequired, row.DefaultLifetime?.TotalDays, row.RotationAge.TotalDays,
            row.RotationOverlap.TotalHours, StampAnswer.Of(row.Created), row.Version, applications);
    }

    public static async ValueTask<ApplicationAnswer> AnswerAsync(this ManagementRequest request, ApplicationRecord row)
    {
        (int count, LastUse? last) = await request.Rows.TallyAsync<ApplicationRecord>(row.Id).ConfigureAwait(false);
        WorkspaceRecord? workspace = await request.Rows.ReferredAsync<WorkspaceRecord>(row.WorkspaceId).ConfigureAwait(false);
        return new ApplicationAnswer(
            row.Id, row.WorkspaceId, workspace?.Name, row.Name, row.BundleId, row.Description, row.ConnectedApis, Word.Of(row.Status),
            StampAnswer.Of(row.Created), row.Version, count, UseAnswer.Of(last));
    }

    public static async ValueTask<CredentialAnswer> AnswerAsync(this ManagementRequest request, CredentialRecord row)
    {
        DateTimeOffset now = request.Now;
        WorkspaceRecord? workspace = await request.Rows.ReferredAsync<WorkspaceRecord>(row.WorkspaceId).ConfigureAwait(false);
        ApplicationRecord? application = await request.Rows.ReferredAsync<ApplicationRecord>(row.ApplicationId).ConfigureAwait(false);
        CredentialRecord? parent = await request.Rows.ReferredAsync<CredentialRecord>(row.ParentId).ConfigureAwait(false);
        int tokens = row.Kind == CredentialKind.KeyPair
            ? (await request.Rows.TallyAsync<CredentialRecord>(row.Id).ConfigureAwait(false)).Count
            : 0;
        TimeSpan rotationAge = RotationAgeOf(workspace);
        return new CredentialAnswer(
            row.Id, row.ApplicationId, application?.Name, application?.Status == StoredStatus.Suspended, row.WorkspaceId, workspace?.Name, workspace?.Enabled == true,
            Word.Of(row.Kind), row.Key, row.Name, row.ParentId, parent?.Name, row.Environment, row.Scopes, row.ClientSecretAllowed, row.NotBefore, row.Expires,
            Word.Of(CredentialStates.Of(row, now)), Word.Of(row.Status), row.RevokesAt, [.. row.Secrets.Select(secret => AnswerOf(secret, row.Current))],
            UseAnswer.Of(row.LastUsed), StampAnswer.Of(row.Created), row.Revoked is { } revoked ? StampAnswer.Of(revoked) : null, row.RevokedFor,
            [.. WordsOf(KeyHealthRules.Of(row, rotationAge, now))], CredentialStates.IsDueForRotation(row, rotationAge, now),
            await CanRevealAsync(request, row, now).ConfigureAwait(false), tokens, row.Version);
    }

    public static async ValueTask<SharingKeyAnswer> AnswerAsync(this ManagementRequest request, SharingKeyRecord row)
    {
        WorkspaceRecord? grantor = await request.Rows.ReferredAsync<WorkspaceRecord>(row.GrantorWorkspaceId).ConfigureAwait(false);
        ApplicationRecord? application = await request.Rows.ReferredAsync<ApplicationRecord>(row.GranteeApplicationId).ConfigureAwait(false);
        WorkspaceRecord? grantee = await request.Rows.ReferredAsync<WorkspaceRecord>(row.GranteeWorkspaceId).ConfigureAwait(false);

        // Of one for an application that is deleted nobody is the grantee any more, least of all the rest of its workspace.
        string? granteeName = row.GranteeApplicationId is null ? grantee?.Name : application?.Name;
        return new SharingKeyAnswer(
            row.Id, row.GrantorWorkspaceId, grantor?.Name, row.GranteeWorkspaceId, row.GranteeApplicationId, granteeName, row.Name, row.Scopes,
            row.Expires, StateOf(row, request.Now), row.Secret.Hint, UseAnswer.Of(row.LastUsed), StampAnswer.Of(row.Created),
            row.Revoked is { } revoked ? StampAnswer.Of(revoked) : null, row.Version);
    }

    public static async ValueTask<AuditEventAnswer> AnswerAsync(this ManagementRequest request, AuditEvent entry)
    {
        string? name = entry.Target.Split('_')[0] switch
        {
            "ws" => (await request.Rows.ReferredAsync<WorkspaceRecord>(entry.Target).ConfigureAwait(false))?.Name,
            "app" => (await request.Rows.ReferredAsync<ApplicationRecord>(entry.Target).ConfigureAwait(false))?.Name,
            "crd" => (await request.Rows.ReferredAsync<CredentialRecord>(entry.Target).ConfigureAwait(false))?.Name,
            "shk" => (await request.Rows.ReferredAsync<SharingKeyRecord>(entry.Target).ConfigureAwait(false))?.Name,
            _ => null,
        };

        // From where the people of the other side of a sharing key act is nobody's concern here.
        string? address = request.Rows.Scope.Sees(entry.WorkspaceId) ? entry.Address : null;
        return new AuditEventAnswer(
            request.Rows.Scope.IsWhole ? entry.Number : null, entry.At, entry.Actor, entry.Action, entry.Target, name, entry.WorkspaceId, entry.OtherWorkspaceId, address, entry.Outcome);
    }

    public static async ValueTask<ListAnswer<TAnswer>> AnswerAsync<TRow, TAnswer>(this ManagementRequest request, RowPage<TRow> page, Func<TRow, ValueTask<TAnswer>> answer)
    {
        await request.Rows.PrepareAsync(page.Rows).ConfigureAwait(false);
        List<TAnswer> items = [];
        foreach (TRow row in page.Rows)
        {
            items.Add(await answer(row).ConfigureAwait(false));
        }

        return new ListAnswer<TAnswer>(items, page.Next);
    }

    /// <summary>Gives the state of a sharing key, which is computed as that of a credential is.</summary>
    public static string StateOf(SharingKeyRecord row, DateTimeOffset now) => row switch
    {
        { Status: StoredStatus.Suspended } => Word.Of(CredentialState.Suspended),
        { Status: not StoredStatus.Active } => Word.Of(CredentialState.Revoked),
        _ => Word.Of(now >= row.Expires ? CredentialState.Expired : CredentialState.Active),
    };

    public static TimeSpan RotationAgeOf(WorkspaceRecord? workspace) => workspace?.RotationAge ?? TimeSpan.MaxValue;

    private static SecretAnswer AnswerOf(SecretRecord secret, SecretRecord? current) => new(
        secret.Version, secret.Hint, Word.Of(secret.Disclosure), secret.Created, secret.RetiresAt, UseAnswer.Of(secret.LastUsed), secret.IsDestroyed, ReferenceEquals(secret, current));

    private static async ValueTask<bool> CanRevealAsync(ManagementRequest request, CredentialRecord row, DateTimeOffset now) =>
        row.Current is { Disclosure: SecretDisclosure.Retrievable, Sealed: not null } && !CredentialStates.IsRevoked(row, now)
        && await request.MayAsync(ManagementRole.Revealer, row).ConfigureAwait(false)
        && await request.MayGrantAsync(row.Scopes, row).ConfigureAwait(false);

    private static IEnumerable<string> WordsOf(KeyHealth health) => Enum.GetValues<KeyHealth>().Where(flag => flag != KeyHealth.None && health.HasFlag(flag)).Select(Word.Of);
}
