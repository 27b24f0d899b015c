using System.Security.Cryptography;
using Signing.AspNetCore;
using Signing.Tests.Credentials.Rules;

namespace Signing.Tests.Credentials.Store;

/// <summary>What every store of credentials must hold, beside what every source must; each store's test class inherits it.</summary>
public abstract class CredentialStoreContract : CredentialSourceContract
{
    protected static readonly DateTimeOffset Now = SampleRows.Now;

    private static readonly AuditEvent Event = new()
    {
        At = Now,
        Actor = "ann",
        Action = "credential.created",
        Target = "crd_1",
        WorkspaceId = "ws_1",
        Outcome = "changed",
    };

    protected abstract ICredentialStore Store { get; }

    protected abstract SecretSeal Seal { get; }

    [Fact]
    public async Task A_row_is_found_as_it_was_stored_and_in_its_latest_version()
    {
        CredentialRecord row = await CreateAsync();
        CredentialRecord suspended = CredentialRules.Suspend(row, Now).Credential;
        await CommitAsync(new RowEdit(row, suspended));

        CredentialRecord stored = (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!;
        Assert.Equal(suspended with { Secrets = stored.Secrets }, stored);
        SecretRecord secret = Assert.Single(stored.Secrets);
        Assert.Equal(suspended.Secrets[0] with { Sealed = secret.Sealed }, secret);
        Assert.Equal(suspended.Secrets[0].Sealed!.Value.ToArray(), secret.Sealed!.Value.ToArray());
        Assert.Equal(SampleRows.Workspace, await Store.GetAsync<WorkspaceRecord>("ws_1", Cancellation));
        Assert.Null(await Store.GetAsync<ApplicationRecord>("crd_1", Cancellation));
        Assert.Null(await Store.GetAsync<CredentialRecord>("crd_2", Cancellation));
    }

    [Fact]
    public async Task An_edit_stores_every_property_of_a_row_and_has_it_found_by_its_new_name()
    {
        await CreateAsync();
        SecretRecord hashed = SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("the first") };
        SecretRecord later = new()
        {
            Version = 2,
            Hint = "Ab12",
            Disclosure = SecretDisclosure.Retrievable,
            Hash = TokenHash.Of("the second"),
            Created = Now.AddHours(1),
            RetiresAt = Now.AddHours(2),
            LastUsed = new LastUse(Now.AddHours(1), "192.0.2.2"),
        };
        WorkspaceRecord workspace = SampleRows.Workspace with { Id = "ws_3" };
        ApplicationRecord application = SampleRows.Application with { Id = "app_3" };
        CredentialRecord credential = Numbered(3) with { Kind = CredentialKind.ApiToken, Key = null, Secrets = [hashed, hashed with { Version = 2, Hash = TokenHash.Of("the former second") }] };
        SharingKeyRecord sharingKey = SampleRows.SharingKey;
        CredentialRecord parent = Numbered(2) with { ApplicationId = "app_2", WorkspaceId = "ws_2", Scopes = ["read"], Secrets = [] };
        await CommitAsync(
            new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }), new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" }), new RowEdit(null, parent),
            new RowEdit(null, workspace), new RowEdit(null, application), new RowEdit(null, credential), new RowEdit(null, sharingKey));
        WorkspaceRecord editedWorkspace = workspace with
        {
            Name = "Edited",
            Enabled = false,
            Disclosure = SecretDisclosure.Retrievable,
            BundleIdRequired = true,
            DefaultLifetime = TimeSpan.FromDays(7),
            RotationAge = TimeSpan.FromDays(30),
            RotationOverlap = TimeSpan.FromHours(1),
            Created = new Stamp(Now.AddHours(-1), "eve"),
            Version = 2,
        };
        ApplicationRecord editedApplication = application with
        {
            WorkspaceId = "ws_2",
            Name = "Edited",
            BundleId = "com.acme.edited",
            Description = "Described",
            ConnectedApis = ["orders"],
            Status = StoredStatus.Suspended,
            Created = new Stamp(Now.AddHours(-1), "eve"),
            Version = 2,
        };
        CredentialRecord editedCredential = credential with
        {
            ApplicationId = "app_2",
            WorkspaceId = "ws_2",
            Name = "Edited",
            ParentId = parent.Id,
            Environment = "test",
            Scopes = ["read"],
            ClientSecretAllowed = false,
            NotBefore = Now.AddHours(1),
            Expires = Now.AddDays(1),
            Status = StoredStatus.Suspended,
            RevokesAt = Now.AddHours(3),
            Secrets = [later, later with { Version = 1, Hash = TokenHash.Of("the third") }],
            LastUsed = new LastUse(Now.AddHours(1), "192.0.2.3"),
            Created = new Stamp(Now.AddHours(-1), "eve"),
            Revoked = new Stamp(Now, "ann"),
            RevokedFor = "lost",
            Version = 2,
        };
        SharingKeyRecord editedSharingKey = sharingKey with
        {
            GrantorWorkspaceId = "ws_2",
            GranteeWorkspaceId = "ws_1",
            GranteeApplicationId = "app_1",
            Name = "Edited",
            Scopes = ["read"],
            Expires = Now.AddDays(1),
            Status = StoredStatus.Revoked,
            Secret = later with { Hash = TokenHash.Of("another sharing key"), LastUsed = null },
            LastUsed = new LastUse(Now.AddHours(1), "192.0.2.4"),
            Created = new Stamp(Now.AddHours(-1), "eve"),
            Revoked = new Stamp(Now, "ann"),
            Version = 2,
        };

        await CommitAsync(
            new RowEdit(workspace, editedWorkspace), new RowEdit(application, editedApplication), new RowEdit(credential, editedCredential), new RowEdit(sharingKey, editedSharingKey));

        await FindsAsync(editedWorkspace);
        await FindsAsync(editedApplication);
        await FindsAsync(editedCredential);
        await FindsAsync(editedSharingKey);
        Assert.Equal([2, 1], (await Store.GetAsync<CredentialRecord>(credential.Id, Cancellation))!.Secrets.Select(secret => secret.Version));

        async Task FindsAsync<T>(T row)
            where T : class, IStoredRow
        {
            Assert.Equivalent(row, await Store.GetAsync<T>(row.Id, Cancellation), strict: true);
            Assert.Equal(row.Id, Assert.Single((await Store.ListAsync<T>(new RowQuery { Text = "edited" }, Cancellation)).Rows).Id);
        }
    }

    [Fact]
    public async Task Of_two_edits_of_one_version_the_second_is_refused_and_changes_nothing()
    {
        CredentialRecord row = await CreateAsync();
        await CommitAsync(new RowEdit(row, CredentialRules.Suspend(row, Now).Credential));

        ApplicationRecord renamed = SampleRows.Application with { Name = "Other", Version = 2 };
        ChangeStatus status = await Store.CommitAsync(
            new StoreChange([new RowEdit(SampleRows.Application, renamed), new RowEdit(row, CredentialRules.Renew(row, Now.AddDays(1), Now).Credential)], [Event]), Cancellation);

        Assert.Equal(ChangeStatus.VersionMismatch, status);
        Assert.Equal("Web shop", (await Store.GetAsync<ApplicationRecord>("app_1", Cancellation))!.Name);
        Assert.Equal(CredentialState.Suspended, CredentialStates.Of((await Store.GetAsync<CredentialRecord>("crd_1", Cancellation))!, Now));
        Assert.Empty((await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows);
    }

    [Fact]
    public async Task Of_many_edits_at_once_one_wins()
    {
        CredentialRecord row = await CreateAsync();
        ChangeStatus[] statuses = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            async () => await Store.CommitAsync(new StoreChange([new RowEdit(row, row with { Name = $"Name {i}", Version = 2 })], [Event]), Cancellation), Cancellation)));

        Assert.Single(statuses, ChangeStatus.Changed);
        Assert.Equal(31, statuses.Count(status => status == ChangeStatus.VersionMismatch));
        Assert.Single((await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows);
    }

    [Fact]
    public async Task A_Secret_that_was_sealed_for_another_row_is_refused_and_changes_nothing()
    {
        CredentialRecord row = await CreateAsync();
        CredentialRecord[] wrong =
        [
            Numbered(2) with { Secrets = row.Secrets },
            Numbered(2) with { Secrets = [SecretOf("crd_2", 1, "sealed as version one") with { Version = 2 }] },
            Numbered(2) with { Secrets = [SampleRows.Secret(1)] },
        ];

        foreach (CredentialRecord credential in wrong)
        {
            await Assert.ThrowsAnyAsync<CryptographicException>(async () => await TryCommitAsync(new RowEdit(null, credential)));
            Assert.Null(await Store.GetAsync<CredentialRecord>("crd_2", Cancellation));
            Assert.Null(await FindAsync(Store, credential.Key!));
        }
    }

    [Fact]
    public async Task What_a_refused_change_brought_along_verifies_nothing_later()
    {
        CredentialRecord row = await CreateAsync();
        CredentialRecord first = Numbered(2) with { Secrets = [SecretOf("crd_2", 1, "sealed for a change that fails")] };
        await Assert.ThrowsAnyAsync<CryptographicException>(async () =>
            await TryCommitAsync(new RowEdit(null, first), new RowEdit(null, Numbered(3) with { Secrets = row.Secrets })));

        await CommitAsync(new RowEdit(null, first with { Secrets = [SecretOf("crd_2", 1, "sealed for the one that lasts")] }));

        await VerifiesOnlyAsync(first.Key!, "sealed for the one that lasts", "sealed for a change that fails");
    }

    [Fact]
    public async Task A_Secret_that_takes_the_version_of_another_takes_its_place()
    {
        CredentialRecord row = await CreateAsync();

        await CommitAsync(new RowEdit(row, row with { Secrets = [SecretOf(row.Id, 1, "another secret of version one")], Version = 2 }));

        await VerifiesOnlyAsync(row.Key!, "another secret of version one", "the first secret, long enough");
    }

    [Fact]
    public async Task A_Key_that_was_given_up_is_unknown()
    {
        CredentialRecord row = await CreateAsync();

        await CommitAsync(new RowEdit(row, row with { Key = "acme_key_live_new", Version = 2 }));

        Assert.Null(await FindAsync(Store, row.Key!));
        await VerifiesOnlyAsync("acme_key_live_new", "the first secret, long enough", "any other secret, long enough");
    }

    [Fact]
    public async Task What_the_maker_of_a_change_took_a_row_for_does_not_count()
    {
        CredentialRecord row = await CreateAsync();

        await CommitAsync(new RowEdit(row with { Key = "made_up" }, null));

        Assert.Null(await FindAsync(Store, row.Key!));
    }

    [Fact]
    public async Task A_long_lived_token_has_a_KeyPair_of_its_own_workspace_for_a_parent()
    {
        CredentialRecord row = await CreateAsync();
        CredentialRecord token = Numbered(2) with { Kind = CredentialKind.ApiToken, Key = null, Secrets = [] };
        await CommitAsync(
            new RowEdit(null, token),
            new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }),
            new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" }));

        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, token with { Id = "crd_3", Name = "3", ParentId = token.Id })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(row, row with { ParentId = row.Id, Version = 2 })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, token with { Id = "crd_3", Name = "3", ParentId = row.Id, ApplicationId = "app_2", WorkspaceId = "ws_2" })));
        await CommitAsync(new RowEdit(null, token with { Id = "crd_3", Name = "3", ParentId = row.Id }));
    }

    [Fact]
    public async Task A_long_lived_token_and_a_KeyPair_that_lost_a_scope_meanwhile_are_not_stored_beside_each_other()
    {
        CredentialRecord pair = Numbered(1) with { Scopes = ["read", "write"] };
        CredentialRecord cut = pair with { Scopes = ["read"], Version = 2 };
        CredentialRecord token = Numbered(2) with { Kind = CredentialKind.ApiToken, Key = null, Secrets = [], ParentId = pair.Id, Scopes = ["write"] };
        await CommitAsync(new RowEdit(null, SampleRows.Workspace), new RowEdit(null, SampleRows.Application), new RowEdit(null, pair), new RowEdit(null, token));

        Assert.Equal(ChangeStatus.VersionMismatch, await TryCommitAsync(new RowEdit(pair, cut)));
        CredentialRecord narrow = token with { Scopes = [], Version = 2 };
        await CommitAsync(new RowEdit(pair, cut), new RowEdit(token, narrow));
        Assert.Equal(ChangeStatus.ScopeNotGranted, await TryCommitAsync(new RowEdit(narrow, narrow with { Scopes = ["write"], Version = 3 })));
        Assert.Equal(ChangeStatus.ScopeNotGranted, await TryCommitAsync(new RowEdit(null, token with { Id = "crd_3", Name = "3" })));
    }

    [Fact]
    public async Task A_long_lived_token_that_is_to_be_revoked_later_is_not_left_with_what_its_KeyPair_loses()
    {
        CredentialRecord pair = Numbered(1) with { Scopes = ["read", "write"] };
        CredentialRecord ending = Numbered(2) with { Kind = CredentialKind.ApiToken, Key = null, Secrets = [], ParentId = pair.Id, Scopes = ["write"], RevokesAt = Now.AddHours(1) };
        CredentialRecord ended = ending with { Id = "crd_3", Name = "3", Status = StoredStatus.Revoked };
        await CommitAsync(new RowEdit(null, SampleRows.Workspace), new RowEdit(null, SampleRows.Application), new RowEdit(null, pair), new RowEdit(null, ending), new RowEdit(null, ended));
        CredentialRecord cut = pair with { Scopes = ["read"], Version = 2 };

        Assert.Equal(ChangeStatus.VersionMismatch, await TryCommitAsync(new RowEdit(pair, cut)));
        await CommitAsync(new RowEdit(pair, cut), new RowEdit(ending, ending with { Scopes = [], Version = 2 }));
    }

    [Fact]
    public async Task An_application_does_not_leave_its_credentials_behind_in_another_workspace()
    {
        CredentialRecord row = await CreateAsync();
        await CommitAsync(new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }));
        ApplicationRecord moved = SampleRows.Application with { WorkspaceId = "ws_2", Version = 2 };

        Assert.Equal(ChangeStatus.NotEmpty, await TryCommitAsync(new RowEdit(SampleRows.Application, moved)));
        await CommitAsync(new RowEdit(SampleRows.Application, moved), new RowEdit(row, row with { WorkspaceId = "ws_2", Version = 2 }));
    }

    [Fact]
    public async Task A_Key_a_token_and_a_sharing_key_stand_in_one_row_each()
    {
        CredentialRecord row = await CreateAsync();
        SecretRecord hashed = SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("a text of more than 16 characters") };
        SharingKeyRecord sharing = new() { Id = "shk_1", GrantorWorkspaceId = "ws_1", Name = "For beta", Secret = hashed, Created = new Stamp(Now, "ann") };
        CredentialRecord token = Numbered(2) with { Kind = CredentialKind.ApiToken, Key = null, Secrets = [hashed] };
        await CommitAsync(new RowEdit(null, token), new RowEdit(null, sharing));

        Assert.Equal(ChangeStatus.NameTaken, await TryCommitAsync(new RowEdit(null, Numbered(3) with { Key = row.Key })));
        Assert.Equal(ChangeStatus.NameTaken, await TryCommitAsync(new RowEdit(null, token with { Id = "crd_3", Name = "3" })));
        Assert.Equal(ChangeStatus.NameTaken, await TryCommitAsync(new RowEdit(null, sharing with { Id = "shk_2" })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, sharing with { Id = "shk_2", GrantorWorkspaceId = "ws_9" })));
    }

    [Fact]
    public async Task A_row_is_created_once_and_only_into_what_exists()
    {
        CredentialRecord row = await CreateAsync();

        Assert.Equal(ChangeStatus.VersionMismatch, await TryCommitAsync(new RowEdit(null, row)));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, row with { Id = "crd_2", Name = "2", ApplicationId = "app_2" })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, row with { Id = "crd_2", Name = "2", WorkspaceId = "ws_2" })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, row with { Id = "crd_2", Name = "2", ParentId = "crd_9" })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" })));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(row with { Id = "crd_9" }, row with { Id = "crd_9", Version = 2 })));
    }

    [Fact]
    public async Task A_name_belongs_to_one_credential_of_a_workspace_until_it_is_revoked()
    {
        CredentialRecord row = await CreateAsync();
        CredentialRecord second = Numbered(2) with { Name = "ORDERS" };

        Assert.Equal(ChangeStatus.NameTaken, await TryCommitAsync(new RowEdit(null, second)));

        CredentialRecord revoked = CredentialRules.Revoke(row, "ann", null, TimeSpan.Zero, Now).Credential;
        await CommitAsync(new RowEdit(row, revoked));
        await CommitAsync(new RowEdit(null, second));
        await CommitAsync(new RowEdit(revoked, revoked with { RevokedFor = "leaked", Version = 3 }));
    }

    [Fact]
    public async Task A_name_is_free_in_every_other_workspace()
    {
        CredentialRecord row = await CreateAsync();
        await CommitAsync(new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }), new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" }));

        await CommitAsync(new RowEdit(null, Numbered(2) with { Name = row.Name, ApplicationId = "app_2", WorkspaceId = "ws_2" }));
    }

    [Fact]
    public async Task A_name_can_be_taken_over_in_one_change()
    {
        CredentialRecord row = await CreateAsync();
        CredentialRecord second = Numbered(2) with { Name = "Second" };
        await CommitAsync(new RowEdit(null, second));

        await CommitAsync(new RowEdit(row, row with { Name = "Second", Version = 2 }), new RowEdit(second, second with { Name = "Orders", Version = 2 }));

        Assert.Equal("Second", (await Store.GetAsync<CredentialRecord>("crd_1", Cancellation))!.Name);
    }

    [Fact]
    public async Task A_bundle_id_belongs_to_one_application_of_a_workspace()
    {
        await CreateAsync();
        ApplicationRecord first = SampleRows.Application with { Id = "app_2", BundleId = "com.acme.shop" };
        await CommitAsync(new RowEdit(null, first), new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }));

        Assert.Equal(ChangeStatus.BundleIdTaken, await TryCommitAsync(new RowEdit(null, first with { Id = "app_3" })));
        await CommitAsync(new RowEdit(null, first with { Id = "app_3", WorkspaceId = "ws_2" }));
    }

    [Fact]
    public async Task What_others_refer_to_is_deleted_last()
    {
        CredentialRecord row = await CreateAsync();

        Assert.Equal(ChangeStatus.NotEmpty, await TryCommitAsync(new RowEdit(SampleRows.Workspace, null)));
        Assert.Equal(ChangeStatus.NotEmpty, await TryCommitAsync(new RowEdit(SampleRows.Application, null)));
        WorkspaceRecord other = SampleRows.Workspace with { Id = "ws_2" };
        SharingKeyRecord shared = SampleRows.SharingKey with { GrantorWorkspaceId = other.Id };
        CredentialRecord token = Numbered(2) with { Kind = CredentialKind.ApiToken, Key = null, ParentId = row.Id };
        SharingKeyRecord own = SampleRows.SharingKey with { Id = "shk_2", Secret = shared.Secret with { Hash = TokenHash.Of("another sharing key") } };
        await CommitAsync(new RowEdit(null, other), new RowEdit(null, shared), new RowEdit(null, own), new RowEdit(null, token));
        Assert.Equal(ChangeStatus.NotEmpty, await TryCommitAsync(new RowEdit(other, null)));
        Assert.Equal(ChangeStatus.NotEmpty, await TryCommitAsync(new RowEdit(row, null)));
        ApplicationRecord empty = SampleRows.Application with { Id = "app_2" };
        await CommitAsync(new RowEdit(null, empty), new RowEdit(null, Numbered(3)));
        await CommitAsync(new RowEdit(Numbered(3), null), new RowEdit(empty, null));
        await CommitAsync(new RowEdit(shared, null), new RowEdit(other, null), new RowEdit(token, null));
        await CommitAsync(new RowEdit(row, null), new RowEdit(SampleRows.Application, null), new RowEdit(own, null), new RowEdit(SampleRows.Workspace, null));
        Assert.Null(await FindAsync(Store, row.Key!));
        Assert.Equal(ChangeStatus.NotFound, await TryCommitAsync(new RowEdit(row, null)));
    }

    [Fact]
    public async Task An_edit_that_is_none_is_a_defect_of_its_maker()
    {
        CredentialRecord row = await CreateAsync();
        RowEdit[] edits =
        [
            default,
            new RowEdit(row, row),
            new RowEdit(row, row with { Version = 3 }),
            new RowEdit(row, row with { Id = "crd_2", Version = 2 }),
            new RowEdit(row, SampleRows.Application with { Id = row.Id, Version = 2 }),
            new RowEdit(null, row with { Id = "crd_2", Version = 2 }),
        ];

        foreach (RowEdit edit in edits)
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await TryCommitAsync(edit));
        }
    }

    [Fact]
    public async Task A_suspended_application_and_a_disabled_workspace_refuse_their_credentials_at_once()
    {
        CredentialRecord row = await CreateAsync();

        ApplicationRecord suspended = SampleRows.Application with { Status = StoredStatus.Suspended, Version = 2 };
        await CommitAsync(new RowEdit(SampleRows.Application, suspended));
        Assert.Equal(CredentialStatus.ApplicationSuspended, (await FindAsync(Store, row.Key!))!.Evaluate(0, Now));

        await CommitAsync(new RowEdit(suspended, suspended with { Status = StoredStatus.Active, Version = 3 }), new RowEdit(SampleRows.Workspace, SampleRows.Workspace with { Enabled = false, Version = 2 }));
        Assert.Equal(CredentialStatus.WorkspaceDisabled, (await FindAsync(Store, row.Key!))!.Evaluate(0, Now));
    }

    [Fact]
    public async Task A_workspace_that_is_disabled_refuses_its_credentials_and_sharing_keys_and_no_others_until_it_is_enabled()
    {
        CredentialRecord row = await CreateAsync();
        SharingKeyRecord shared = SampleRows.SharingKey;
        CredentialRecord foreign = Numbered(2) with { ApplicationId = "app_2", WorkspaceId = "ws_2", Secrets = [SecretOf("crd_2", 1, "the secret of another workspace")] };
        await CommitAsync(
            new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }), new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" }),
            new RowEdit(null, foreign), new RowEdit(null, shared));
        Assert.Equal(CredentialStatus.Valid, (await Store.FindByIdAsync(shared.Id, Cancellation))!.Evaluate(Now));

        WorkspaceRecord disabled = SampleRows.Workspace with { Enabled = false, Version = 2 };
        await CommitAsync(new RowEdit(SampleRows.Workspace, disabled));
        Assert.Equal(CredentialStatus.WorkspaceDisabled, (await FindAsync(Store, row.Key!))!.Evaluate(0, Now));
        Assert.Equal(CredentialStatus.WorkspaceDisabled, (await Store.FindByIdAsync(shared.Id, Cancellation))!.Evaluate(Now));
        Assert.Equal(CredentialStatus.Valid, (await FindAsync(Store, foreign.Key!))!.Evaluate(0, Now));

        await CommitAsync(new RowEdit(disabled, SampleRows.Workspace with { Version = 3 }));
        Assert.Equal(CredentialStatus.Valid, (await FindAsync(Store, row.Key!))!.Evaluate(0, Now));
        Assert.Equal(CredentialStatus.Valid, (await Store.FindByIdAsync(shared.Id, Cancellation))!.Evaluate(Now));
    }

    [Fact]
    public async Task Whether_the_Secret_may_be_sent_is_stored_with_a_credential_and_found_with_it()
    {
        CredentialRecord row = await CreateAsync();
        Assert.True((await FindAsync(Store, row.Key!))!.ClientSecretAllowed);

        await CommitAsync(new RowEdit(row, row with { ClientSecretAllowed = false, Version = 2 }));

        Assert.False((await FindAsync(Store, row.Key!))!.ClientSecretAllowed);
        Assert.False((await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.ClientSecretAllowed);
    }

    [Fact]
    public async Task During_a_rotation_both_Secrets_verify_and_afterwards_only_the_new_one()
    {
        CredentialRecord row = await CreateAsync();
        SecretRecord second = SecretOf(row.Id, 2, "the second secret, long enough");
        await CommitAsync(new RowEdit(row, CredentialRules.Rotate(row, second, TimeSpan.FromHours(1), Now).Credential));

        Credential credential = (await FindAsync(Store, row.Key!))!;
        Assert.Equal(2, credential.Secrets.Length);
        Assert.Equal([CredentialStatus.Valid, CredentialStatus.Valid], [credential.Evaluate(0, Now), credential.Evaluate(1, Now)]);
        Assert.Equal([CredentialStatus.Valid, CredentialStatus.Expired], [credential.Evaluate(0, Now.AddHours(1)), credential.Evaluate(1, Now.AddHours(1))]);
    }

    [Fact]
    public async Task An_ApiToken_is_found_by_its_hash_until_it_is_revoked_and_carries_the_Key_of_its_parent()
    {
        CredentialRecord parent = await CreateAsync();
        TokenHash hash = TokenHash.Of("acme_token_live_1");
        CredentialRecord token = SampleRows.ApiToken with
        {
            Id = "crd_2",
            Name = "Nightly",
            ParentId = parent.Id,
            Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = hash }],
        };
        await CommitAsync(new RowEdit(null, token));

        IApiTokenSource tokens = Store;
        Credential found = Assert.IsType<Credential>(await tokens.FindAsync(hash, Cancellation));
        Assert.Equal((CredentialKind.ApiToken, parent.Key, "crd_2"), (found.Kind, found.ParentKey, found.Id));
        Assert.True(tokens.TryGetCached(hash, out Credential? cached) && ReferenceEquals(cached, found));

        await CommitAsync(new RowEdit(token, CredentialRules.Revoke(token, "ann", null, TimeSpan.Zero, Now).Credential));
        Assert.Null(await tokens.FindAsync(hash, Cancellation));
    }

    [Fact]
    public async Task An_ApiToken_is_judged_by_its_own_application_and_workspace_and_by_no_other()
    {
        await CreateAsync();
        await CommitAsync(
            new RowEdit(null, SampleRows.Workspace with { Id = "ws_2", Enabled = false }),
            new RowEdit(null, SampleRows.Application with { Id = "app_2", Status = StoredStatus.Suspended }),
            new RowEdit(null, SampleRows.Application with { Id = "app_3", WorkspaceId = "ws_2" }),
            new RowEdit(null, TokenOf(2, "app_1", "ws_1")),
            new RowEdit(null, TokenOf(3, "app_2", "ws_1")),
            new RowEdit(null, TokenOf(4, "app_3", "ws_2")));

        Assert.Equal(CredentialStatus.Valid, await StatusAsync(2));
        Assert.Equal(CredentialStatus.ApplicationSuspended, await StatusAsync(3));
        Assert.Equal(CredentialStatus.WorkspaceDisabled, await StatusAsync(4));

        static CredentialRecord TokenOf(int number, string application, string workspace) => SampleRows.ApiToken with
        {
            Id = $"crd_{number}",
            Name = $"{number}",
            ApplicationId = application,
            WorkspaceId = workspace,
            Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of($"token {number}") }],
        };

        async Task<CredentialStatus> StatusAsync(int number) =>
            (await ((IApiTokenSource)Store).FindAsync(TokenHash.Of($"token {number}"), Cancellation))!.Evaluate(Now);
    }

    [Fact]
    public async Task A_sharing_key_is_found_by_its_hash_and_by_its_id()
    {
        await CreateAsync();
        TokenHash hash = TokenHash.Of("a sharing key, long enough");
        SharingKeyRecord row = new()
        {
            Id = "shk_1",
            GrantorWorkspaceId = "ws_1",
            Name = "For beta",
            Scopes = ["orders.read"],
            Secret = SampleRows.Secret(1) with { Sealed = null, Hash = hash },
            Created = new Stamp(Now, "ann"),
        };
        await CommitAsync(new RowEdit(null, row));

        ISharingKeySource keys = Store;
        SharingKey found = Assert.IsType<SharingKey>(await keys.FindAsync(hash, Cancellation));
        Assert.Equal(("shk_1", "ws_1", CredentialStatus.Valid), (found.Id, found.GrantorWorkspaceId, found.Evaluate(Now)));
        Assert.Same(found, await keys.FindByIdAsync("shk_1", Cancellation));

        await CommitAsync(new RowEdit(row, row with { Status = StoredStatus.Suspended, Version = 2 }));
        Assert.Equal(CredentialStatus.Suspended, (await keys.FindByIdAsync("shk_1", Cancellation))!.Evaluate(Now));
        await CommitAsync(new RowEdit(row with { Version = 2 }, null));
        Assert.Null(await keys.FindAsync(hash, Cancellation));
        Assert.Null(await keys.FindByIdAsync("shk_1", Cancellation));
    }

    [Fact]
    public async Task A_list_is_paged_from_the_newest_on_and_rows_that_come_meanwhile_move_none()
    {
        await CreateAsync();
        for (int i = 2; i <= 25; i++)
        {
            await CommitAsync(new RowEdit(null, Numbered(i)));
        }

        List<string> listed = [];
        RowQuery query = new() { Limit = 10 };
        for (int page = 0; page < 3; page++)
        {
            RowPage<CredentialRecord> rows = await Store.ListAsync<CredentialRecord>(query, Cancellation);
            listed.AddRange(rows.Rows.Select(row => row.Id));
            await CommitAsync(new RowEdit(null, Numbered(100 + page)));
            Assert.Equal(page < 2, rows.Next is not null);
            query = query with { After = rows.Next };
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => $"crd_{i}"), listed);
        Assert.NotNull((await Store.ListAsync<CredentialRecord>(new RowQuery { Limit = 27 }, Cancellation)).Next);
        Assert.Null((await Store.ListAsync<CredentialRecord>(new RowQuery { Limit = 28 }, Cancellation)).Next);
    }

    [Fact]
    public async Task A_list_holds_what_was_asked_for_and_nothing_of_other_workspaces()
    {
        await CreateAsync();
        await CommitAsync(
            new RowEdit(null, SampleRows.Workspace with { Id = "ws_2" }),
            new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" }),
            new RowEdit(null, Numbered(2) with { ApplicationId = "app_2", WorkspaceId = "ws_2" }),
            new RowEdit(null, Numbered(3) with { ParentId = "crd_1", Kind = CredentialKind.ApiToken, Key = null, Secrets = [] }));

        Assert.Equal(["crd_3", "crd_2", "crd_1"], await ListAsync(new RowQuery()));
        Assert.Equal(["crd_2"], await ListAsync(new RowQuery { WorkspaceIds = ["ws_2", "ws_9"] }));
        Assert.Empty(await ListAsync(new RowQuery { WorkspaceIds = [] }));
        Assert.Equal(["crd_2"], await ListAsync(new RowQuery { ApplicationId = "app_2" }));
        Assert.Equal(["crd_3"], await ListAsync(new RowQuery { ParentId = "crd_1" }));
        Assert.Equal(["crd_3"], await ListAsync(new RowQuery { Kind = CredentialKind.ApiToken }));
        Assert.Equal(["crd_2"], await ListAsync(new RowQuery { Text = "KEY_LIVE_2" }));
        Assert.Equal(["app_1"], (await Store.ListAsync<ApplicationRecord>(new RowQuery { WorkspaceIds = ["ws_1"] }, Cancellation)).Rows.Select(row => row.Id));
    }

    [Fact]
    public async Task A_text_is_looked_for_in_the_names_and_ids_of_every_kind_of_row()
    {
        await CreateAsync();
        await CommitAsync(
            new RowEdit(null, SampleRows.Workspace with { Id = "ws_2", Name = "Beta" }),
            new RowEdit(null, SampleRows.Application with { Id = "app_2", Name = "Till", BundleId = "com.beta.till" }),
            new RowEdit(null, SampleRows.SharingKey),
            new RowEdit(null, SampleRows.SharingKey with { Id = "shk_2", Name = "For gamma", Secret = SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("another sharing key") } }));

        Assert.Equal("ws_2", Assert.Single(await FoundAsync<WorkspaceRecord>("BETA")));
        Assert.Equal("ws_1", Assert.Single(await FoundAsync<WorkspaceRecord>("ws_1")));
        Assert.Equal("app_2", Assert.Single(await FoundAsync<ApplicationRecord>("com.beta")));
        Assert.Equal("app_1", Assert.Single(await FoundAsync<ApplicationRecord>("web")));
        Assert.Equal("shk_2", Assert.Single(await FoundAsync<SharingKeyRecord>("gamma")));
        Assert.Equal("shk_1", Assert.Single(await FoundAsync<SharingKeyRecord>("SHK_1")));

        async Task<IEnumerable<string>> FoundAsync<T>(string text)
            where T : class, IStoredRow
            => (await Store.ListAsync<T>(new RowQuery { Text = text }, Cancellation)).Rows.Select(row => row.Id);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(201, null)]
    [InlineData(10, "no place")]
    [InlineData(10, "no.place")]
    [InlineData(10, "")]
    public async Task A_query_out_of_range_is_refused(int limit, string? after)
    {
        RowQuery query = new() { Limit = limit, After = after };

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.ListAsync<CredentialRecord>(query, Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.ListAuditAsync(query, Cancellation));
    }

    [Fact]
    public async Task The_audit_numbers_its_events_and_shows_them_to_both_sides()
    {
        await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event, Event with { WorkspaceId = "ws_2" }, Event with { OtherWorkspaceId = "ws_2", Action = "sharing_key.used" }]), Cancellation);

        Assert.Equal([3L, 2, 1], (await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
        Assert.Equal([3L, 2], (await Store.ListAuditAsync(new RowQuery { WorkspaceIds = ["ws_2"] }, Cancellation)).Rows.Select(entry => entry.Number));
        Assert.Equal([3L], (await Store.ListAuditAsync(new RowQuery { Text = "SHARING" }, Cancellation)).Rows.Select(entry => entry.Number));
        RowPage<AuditEvent> first = await Store.ListAuditAsync(new RowQuery { Limit = 2 }, Cancellation);
        Assert.Equal([1L], (await Store.ListAuditAsync(new RowQuery { Limit = 2, After = first.Next }, Cancellation)).Rows.Select(entry => entry.Number));
    }

    [Fact]
    public async Task The_audit_of_an_application_is_of_itself_and_of_the_credentials_that_it_has()
    {
        await CreateAsync();
        CredentialRecord[] rows = [.. (await Store.ListAsync<CredentialRecord>(new RowQuery(), Cancellation)).Rows];
        string application = rows[0].ApplicationId;
        await Store.CommitAsync(
            new StoreChange([], [Event with { Target = application }, Event with { Target = "crd_gone" }, Event with { Target = rows[0].Id }, Event with { Target = "app_other" }, Event with { Target = rows[0].Id, Action = "credential.suspended" }]), Cancellation);

        Assert.Equal([5L, 3, 1], await NumbersAsync(new RowQuery { ApplicationId = application }));
        Assert.Equal([5L, 3, 1], await NumbersAsync(new RowQuery { ApplicationId = application, WorkspaceIds = [rows[0].WorkspaceId] }));
        Assert.Equal([5L], await NumbersAsync(new RowQuery { ApplicationId = application, Text = "suspended" }));
        Assert.Equal([4L], await NumbersAsync(new RowQuery { ApplicationId = "app_other" }));
        Assert.Empty(await NumbersAsync(new RowQuery { ApplicationId = "app_\ud800" }));
        Assert.Empty(await NumbersAsync(new RowQuery { ApplicationId = application, WorkspaceIds = ["ws_2"] }));
        RowPage<AuditEvent> first = await Store.ListAuditAsync(new RowQuery { ApplicationId = application, Limit = 2 }, Cancellation);
        Assert.Equal([1L], await NumbersAsync(new RowQuery { ApplicationId = application, Limit = 2, After = first.Next }));

        async Task<IEnumerable<long>> NumbersAsync(RowQuery query) => (await Store.ListAuditAsync(query, Cancellation)).Rows.Select(entry => entry.Number);
    }

    [Fact]
    public async Task Uses_are_noted_without_a_new_version()
    {
        CredentialRecord row = await CreateAsync();

        await Store.MarkUsedAsync([new SecretUse(row.Id, 1, new LastUse(Now, "192.0.2.1")), new SecretUse("crd_9", 1, new LastUse(Now, null))], Cancellation);

        CredentialRecord used = (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!;
        Assert.Equal((1L, "192.0.2.1"), (used.Version, used.LastUsed!.Value.Address));
        await CommitAsync(new RowEdit(row, row with { Name = "Edited by somebody who has not seen the use", Version = 2 }));
        Assert.Equal(Now, (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.LastUsed?.At);
    }

    [Fact]
    public async Task The_use_of_a_sharing_key_is_noted_without_a_new_version()
    {
        await CreateAsync();
        SharingKeyRecord key = SampleRows.SharingKey;
        await CommitAsync(new RowEdit(null, key), new RowEdit(null, key with { Id = "shk_2", Secret = key.Secret with { Hash = TokenHash.Of("another sharing key") } }));

        await Store.MarkUsedAsync([new SecretUse(key.Id, 0, new LastUse(Now, "192.0.2.1"))], Cancellation);
        await Store.MarkUsedAsync([new SecretUse(key.Id, 0, new LastUse(Now.AddSeconds(59), "192.0.2.2"))], Cancellation);

        SharingKeyRecord used = (await Store.GetAsync<SharingKeyRecord>(key.Id, Cancellation))!;
        Assert.Equal((1L, new LastUse(Now, "192.0.2.1")), (used.Version, used.LastUsed!.Value));
        Assert.Null((await Store.GetAsync<SharingKeyRecord>("shk_2", Cancellation))!.LastUsed);
        await CommitAsync(new RowEdit(key, key with { Name = "Edited by somebody who has not seen the use", Version = 2 }));
        Assert.Equal(Now, (await Store.GetAsync<SharingKeyRecord>(key.Id, Cancellation))!.LastUsed?.At);
    }

    [Fact]
    public async Task A_sharing_key_that_was_revoked_and_deleted_is_unknown()
    {
        await CreateAsync();
        SharingKeyRecord key = SampleRows.SharingKey;
        SharingKeyRecord revoked = key with { Status = StoredStatus.Revoked, Secret = key.Secret with { Hash = null }, Version = 2 };
        SharingKeyRecord other = key with { Id = "shk_2", Secret = key.Secret with { Hash = TokenHash.Of("another sharing key") } };
        await CommitAsync(new RowEdit(null, key), new RowEdit(null, other));
        await CommitAsync(new RowEdit(key, revoked));
        await CommitAsync(new RowEdit(other, revoked with { Id = other.Id }));
        Assert.Null(await ((ISharingKeySource)Store).FindAsync(key.Secret.Hash!.Value, Cancellation));
        Assert.Equal(CredentialStatus.Revoked, (await Store.FindByIdAsync(key.Id, Cancellation))!.Evaluate(Now));
        await CommitAsync(new RowEdit(revoked, null));

        Assert.Null(await Store.FindByIdAsync(key.Id, Cancellation));
    }

    protected override async ValueTask<ICredentialSource> StartAsync(params CredentialSpec[] credentials)
    {
        await ReplaceAsync(credentials);
        return Store;
    }

    protected override async ValueTask ReplaceAsync(params CredentialSpec[] credentials)
    {
        List<RowEdit> edits = [];
        foreach (string workspace in credentials.Select(spec => spec.Workspace ?? "ws_1").Distinct(StringComparer.Ordinal))
        {
            WorkspaceRecord? known = await Store.GetAsync<WorkspaceRecord>(workspace, Cancellation);
            edits.AddRange(known is null ? [new RowEdit(null, SampleRows.Workspace with { Id = workspace })] : []);
        }

        foreach ((string id, string workspace) in credentials.Select(spec => (spec.Application ?? "app_1", spec.Workspace ?? "ws_1")).Distinct())
        {
            ApplicationRecord? known = await Store.GetAsync<ApplicationRecord>(id, Cancellation);
            edits.AddRange(known is null ? [new RowEdit(null, SampleRows.Application with { Id = id, WorkspaceId = workspace })] : []);
        }

        IReadOnlyList<CredentialRecord> rows = (await Store.ListAsync<CredentialRecord>(new RowQuery { Limit = 200 }, Cancellation)).Rows;
        edits.AddRange(rows.Where(row => !credentials.Any(spec => spec.Key == row.Key)).Select(row => new RowEdit(row, null)));
        foreach (CredentialSpec spec in credentials)
        {
            CredentialRecord? row = rows.FirstOrDefault(row => row.Key == spec.Key);
            edits.Add(new RowEdit(row, RowOf(spec, row?.Version ?? 0)));
        }

        await CommitAsync([.. edits]);
    }

    protected static CredentialRecord Numbered(int number) => SampleRows.KeyPair with
    {
        Id = $"crd_{number}",
        Key = $"acme_key_live_{number}",
        Name = $"Credential {number}",
        Secrets = [],
        Created = new Stamp(Now.AddSeconds(number), "ann"),
    };

    protected SecretRecord SecretOf(string credentialId, int version, string text) =>
        SampleRows.Secret(version) with { Sealed = Seal.Seal(credentialId, version, text), Hint = text[^SecretRecord.HintLength..] };

    protected async Task<CredentialRecord> CreateAsync()
    {
        CredentialRecord row = SampleRows.KeyPair with { Secrets = [SecretOf("crd_1", 1, "the first secret, long enough")] };
        await CommitAsync(new RowEdit(null, SampleRows.Workspace), new RowEdit(null, SampleRows.Application), new RowEdit(null, row));
        return row;
    }

    [Fact]
    public async Task Several_rows_are_found_at_once_and_what_belongs_to_them_is_counted()
    {
        CredentialRecord pair = await CreateAsync();
        LastUse use = new(Now.AddMinutes(5), "192.0.2.1");
        CredentialRecord token = SampleRows.ApiToken with { Id = "crd_2", Name = "Nightly", ParentId = pair.Id, Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("a text of more than 16 characters") }] };
        await CommitAsync(new RowEdit(null, token), new RowEdit(null, SampleRows.Application with { Id = "app_2" }));
        await Store.MarkUsedAsync([new SecretUse(token.Id, 1, use)], Cancellation);

        IReadOnlyList<CredentialRecord> found = await Store.GetAsync<CredentialRecord>([pair.Id, "crd_9", token.Id, "a\0b"], Cancellation);
        IReadOnlyDictionary<string, CredentialTally> workspaces = await Store.TallyAsync<WorkspaceRecord>([SampleRows.Workspace.Id, "ws_9", "a\0b"], Cancellation);
        IReadOnlyDictionary<string, CredentialTally> applications = await Store.TallyAsync<ApplicationRecord>(["app_1", "app_2", "app_9", "a\0b"], Cancellation);
        IReadOnlyDictionary<string, CredentialTally> pairs = await Store.TallyAsync<CredentialRecord>([pair.Id, token.Id], Cancellation);

        Assert.Equal([pair.Id, token.Id], found.Select(row => row.Id).Order(StringComparer.Ordinal));
        Assert.Equal([new(SampleRows.Workspace.Id, new(2, null)), new("ws_9", default), new("a\0b", default)], workspaces);
        Assert.Equal([new("app_1", new(2, use)), new("app_2", default), new("app_9", default), new("a\0b", default)], applications);
        Assert.Equal([new(pair.Id, new(1, use)), new(token.Id, default)], pairs);
        foreach (LastUse of in (LastUse[])[new(Now, null), new(Now.AddMinutes(10), "192.0.2.2")])
        {
            await Store.MarkUsedAsync([new SecretUse(pair.Id, 1, of)], Cancellation);
            Assert.Equal(new CredentialTally(2, of.At > use.At ? of : use), (await Store.TallyAsync<ApplicationRecord>(["app_1"], Cancellation))["app_1"]);
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.TallyAsync<SharingKeyRecord>(["shk_1"], Cancellation));
    }

    [Fact]
    public async Task The_overview_is_what_the_rules_say_of_each_row()
    {
        const int shown = 20;
        WorkspaceRecord strict = SampleRows.Workspace with { Id = "ws_2", RotationAge = TimeSpan.FromDays(10) };
        await CommitAsync(
            new RowEdit(null, SampleRows.Workspace), new RowEdit(null, strict), new RowEdit(null, SampleRows.Application), new RowEdit(null, SampleRows.Application with { Id = "app_2", WorkspaceId = "ws_2" }));
        CredentialRecord[] rows = [.. Varieties().OrderByDescending(row => row.Id, StringComparer.Ordinal)];
        await CommitAsync([.. rows.Select(row => new RowEdit(null, row))]);

        foreach (string[]? workspaces in (string[]?[])[null, ["ws_2"], ["ws_1", "ws_2"], []])
        {
            CredentialOverview overview = await Store.OverviewAsync(workspaces, Now, shown, Cancellation);

            CredentialRecord[] seen = [.. rows.Where(row => workspaces?.Contains(row.WorkspaceId) ?? true)];
            Assert.Equal(
                seen.GroupBy(row => CredentialStates.Of(row, Now)).ToDictionary(state => state.Key, state => state.Count()).OrderBy(state => state.Key),
                overview.Counts.OrderBy(state => state.Key));
            Assert.Equal(workspaces?.Length ?? 2, overview.Applications);
            Assert.Equal(
                seen.Where(row => CredentialStates.Of(row, Now) == CredentialState.ExpiringSoon).OrderBy(row => row.RevokesAt < row.Expires ? row.RevokesAt : row.Expires ?? row.RevokesAt)
                    .Take(shown).Select(row => row.Id),
                overview.Expiring.Select(row => row.Id));
            Assert.Equal(
                seen.Where(row => KeyHealthRules.Of(row, row.WorkspaceId == "ws_2" ? strict.RotationAge : SampleRows.Workspace.RotationAge, Now).HasFlag(KeyHealth.Overdue))
                    .OrderBy(row => row.Current?.Created).Take(shown).Select(row => row.Id),
                overview.Overdue.Select(row => row.Id));
        }

        Assert.Equal(7, rows.Select(row => CredentialStates.Of(row, Now)).Distinct().Count());
    }

    protected async Task CommitAsync(params RowEdit[] edits) => Assert.Equal(ChangeStatus.Changed, await TryCommitAsync(edits));

    protected ValueTask<ChangeStatus> TryCommitAsync(params RowEdit[] edits) => Store.CommitAsync(new StoreChange(edits, []), Cancellation);

    // Every combination of what a state depends on.
    private IEnumerable<CredentialRecord> Varieties()
    {
        int number = 0;
        DateTimeOffset?[] ends = [null, Now, Now.AddDays(1), Now.AddDays(14), Now.AddDays(15)];
        foreach (StoredStatus status in (StoredStatus[])[StoredStatus.Active, StoredStatus.Suspended, StoredStatus.Revoked])
        {
            foreach ((DateTimeOffset? expires, DateTimeOffset? revokes) in ends.SelectMany(_ => ends, (one, other) => (one, other)))
            {
                foreach (DateTimeOffset? from in (DateTimeOffset?[])[null, Now, Now.AddMinutes(1)])
                {
                    number++;
                    string id = $"crd_{number}";
                    yield return SampleRows.KeyPair with
                    {
                        Id = id,
                        Key = $"key_{number}",
                        Name = $"{number}",
                        WorkspaceId = $"ws_{1 + (number % 2)}",
                        ApplicationId = $"app_{1 + (number % 2)}",
                        Status = status,
                        Expires = expires,
                        RevokesAt = revokes,
                        NotBefore = from,
                        Secrets = [.. SecretsOf(id, number % 5)],
                    };
                }
            }
        }
    }

    // None, a new one, one that is just due in one of the workspaces, or two of which the former is still accepted or no longer.
    private IEnumerable<SecretRecord> SecretsOf(string id, int variety) => variety switch
    {
        0 => [],
        1 => [SecretOf(id, 1, "the secret of a row, long enough")],
        2 => [SecretOf(id, 1, "the secret of a row, long enough") with { Created = Now.AddDays(-10) }],
        _ =>
        [
            SecretOf(id, 1, "the secret of a row, long enough") with { Created = Now.AddDays(-100), RetiresAt = variety == 3 ? Now : Now.AddMinutes(1) },
            SecretOf(id, 2, "the next secret of a row, long enough") with { Created = Now.AddDays(-90) },
        ],
    };

    private CredentialRecord RowOf(CredentialSpec spec, long version) => SampleRows.KeyPair with
    {
        Id = "crd_" + spec.Key,
        Key = spec.Key,
        Name = spec.Name ?? spec.Key,
        ApplicationId = spec.Application ?? "app_1",
        WorkspaceId = spec.Workspace ?? "ws_1",
        Environment = spec.Environment ?? "live",
        Scopes = spec.Scopes,
        NotBefore = spec.NotBefore,
        Expires = spec.Expires,
        Status = spec.Status,
        Secrets = spec.Status == StoredStatus.Revoked ? [] : [SecretOf("crd_" + spec.Key, spec.Secret.Length, spec.Secret)],
        Version = version + 1,
    };

    private async Task VerifiesOnlyAsync(string key, string secret, string other)
    {
        Credential credential = Assert.IsType<Credential>(await FindAsync(Store, key));
        SigningKey live = Assert.Single(credential.Secrets.ToArray());
        Assert.True(HmacSha256.Verify(live, "base"u8, MacOf(key, secret)));
        Assert.False(HmacSha256.Verify(live, "base"u8, MacOf(key, other)));
    }

    private static byte[] MacOf(string key, string secret)
    {
        using var signingKey = new SigningKey(key, secret);
        byte[] mac = new byte[32];
        HmacSha256.Compute(signingKey, "base"u8, mac);
        return mac;
    }

    private async Task<IEnumerable<string>> ListAsync(RowQuery query) => (await Store.ListAsync<CredentialRecord>(query, Cancellation)).Rows.Select(row => row.Id);
}
