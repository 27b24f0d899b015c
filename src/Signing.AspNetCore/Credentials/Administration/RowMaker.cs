namespace Signing.AspNetCore;

// Makes the rows of what is to be created, or says why they may not be; stores nothing.
internal sealed class RowMaker(RowWriter rows, SecretMaker secrets)
{
    private const string UsualEnvironment = "live";

    public (ChangeStatus Status, WorkspaceRecord Row) NewWorkspace(NewWorkspace wanted, Actor actor)
    {
        var row = new WorkspaceRecord
        {
            Id = SecretMaker.NewId("ws"),
            Name = wanted.Name,
            Disclosure = wanted.Disclosure,
            BundleIdRequired = wanted.BundleIdRequired,
            DefaultLifetime = wanted.DefaultLifetime,
            RotationAge = wanted.RotationAge,
            RotationOverlap = wanted.RotationOverlap,
            Created = new Stamp(rows.Now, actor.Name),
        };
        return (RecordRules.Check(row), row);
    }

    public (ChangeStatus Status, ApplicationRecord Row) NewApplication(NewApplication wanted, WorkspaceRecord workspace, Actor actor)
    {
        var row = new ApplicationRecord
        {
            Id = SecretMaker.NewId("app"),
            WorkspaceId = workspace.Id,
            Name = wanted.Name,
            BundleId = wanted.BundleId,
            Description = wanted.Description,
            ConnectedApis = wanted.ConnectedApis,
            Created = new Stamp(rows.Now, actor.Name),
        };
        return (RecordRules.Check(row, workspace), row);
    }

    public SecretResult NewCredential(NewCredential wanted, ApplicationRecord application, CredentialRecord? parent, WorkspaceRecord workspace, Actor actor)
    {
        DateTimeOffset now = rows.Now;
        string environment = wanted.Environment ?? parent?.Environment ?? UsualEnvironment;
        var row = new CredentialRecord
        {
            Id = SecretMaker.NewId("crd"),
            ApplicationId = application.Id,
            WorkspaceId = workspace.Id,
            Kind = wanted.Kind,
            Name = wanted.Name,
            ParentId = parent?.Id,
            Environment = environment,
            Scopes = wanted.Scopes,
            ClientSecretAllowed = wanted.ClientSecretAllowed,
            NotBefore = wanted.NotBefore,
            Expires = wanted.Expires ?? (wanted.NeverExpires ? null : EndAfter(wanted.NotBefore ?? now, workspace.DefaultLifetime)),
            Secrets = [],
            Created = new Stamp(now, actor.Name),
        };
        ChangeStatus status = RecordRules.Check(row);
        if (status == ChangeStatus.Changed)
        {
            status = row.Expires <= now ? ChangeStatus.EndInvalid : CheckParent(row, parent, now);
        }

        if (status != ChangeStatus.Changed)
        {
            return new SecretResult(status, null, null);
        }

        (SecretRecord secret, string text) = secrets.NewSecret(row.Id, row.Kind, environment, version: 1, workspace.Disclosure, now);
        return new SecretResult(status, row with { Key = row.Kind == CredentialKind.KeyPair ? secrets.NewKey(environment) : null, Secrets = [secret] }, text);
    }

    public SharingKeyResult NewSharingKey(NewSharingKey wanted, Actor actor)
    {
        DateTimeOffset now = rows.Now;
        (SecretRecord secret, string text) = secrets.NewSharingKey(now);
        var row = new SharingKeyRecord
        {
            Id = SecretMaker.NewId("shk"),
            GrantorWorkspaceId = wanted.GrantorWorkspaceId,
            GranteeWorkspaceId = wanted.GranteeWorkspaceId,
            GranteeApplicationId = wanted.GranteeApplicationId,
            Name = wanted.Name,
            Scopes = wanted.Scopes,
            Expires = wanted.Expires,
            Secret = secret,
            Created = new Stamp(now, actor.Name),
        };
        ChangeStatus status = row.Expires <= now ? ChangeStatus.EndInvalid : RecordRules.Check(row);
        return status == ChangeStatus.Changed ? new SharingKeyResult(status, row, text) : new SharingKeyResult(status, null, null);
    }

    // As late as there are instants, where the last one comes before.
    private static DateTimeOffset? EndAfter(DateTimeOffset start, TimeSpan? lifetime) =>
        lifetime is { } known && DateTimeOffset.MaxValue - start < known ? DateTimeOffset.MaxValue : start + lifetime;

    // A long-lived token is its KeyPair in another form: never for another environment, and never for more.
    private static ChangeStatus CheckParent(CredentialRecord row, CredentialRecord? parent, DateTimeOffset now)
    {
        if (parent is null)
        {
            return ChangeStatus.Changed;
        }

        if (parent.Kind != CredentialKind.KeyPair || row.Kind != CredentialKind.ApiToken || parent.ApplicationId != row.ApplicationId)
        {
            return ChangeStatus.ParentInvalid;
        }

        if (CredentialStates.IsRevoked(parent, now))
        {
            return ChangeStatus.AlreadyRevoked;
        }

        if (row.Environment != parent.Environment)
        {
            return ChangeStatus.EnvironmentInvalid;
        }

        return row.Scopes.Except(parent.Scopes, StringComparer.Ordinal).Any() ? ChangeStatus.ScopeNotGranted : ChangeStatus.Changed;
    }
}
