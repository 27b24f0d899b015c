using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Administration;

public sealed class CredentialAdministrationTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ann = new("ann", "192.0.2.1");

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-administration-").FullName;
    private readonly ManualTimeProvider _clock = new(Start);
    private readonly FileCredentialStore _store;
    private readonly CredentialAdministration _desk;

    public CredentialAdministrationTests()
    {
        var seal = new SecretSeal(new EphemeralDataProtectionProvider());
        _store = FileCredentialStore.Open(Path.Combine(_directory, "credentials.json"), seal, _clock);
        _desk = new CredentialAdministration(_store, seal, new CredentialFormat("acme"), _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_and_its_first_KeyPair_are_created_together_and_verify_at_once()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();

        ApplicationResult made = await _desk.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = "Web shop", ConnectedApis = ["orders"] }, Pair("Orders"), Ann, Cancellation);

        Assert.Equal(ChangeStatus.Changed, made.Status);
        Assert.StartsWith("acme_key_live_", made.Credential!.Key, StringComparison.Ordinal);
        Assert.StartsWith("acme_secret_live_", made.Text, StringComparison.Ordinal);
        Assert.Equal(made.Text![^4..], made.Credential.Secrets[0].Hint);
        Assert.True(_store.TryGetCached(made.Credential.Key, out Credential? live));
        Assert.Equal(CredentialStatus.Valid, live!.Evaluate(0, Start));
        Assert.Equal(["credential.created", "application.created", "workspace.created"], await ActionsAsync());
        Assert.DoesNotContain(made.Text, made.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_the_first_KeyPair_may_not_be_stored_the_application_is_not_either()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        await ApplicationAsync(workspace, "Orders");

        ApplicationResult made = await _desk.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = "Second" }, Pair("Orders"), Ann, Cancellation);

        Assert.Equal(ChangeStatus.NameTaken, made.Status);
        Assert.Null(made.Text);
        Assert.Single((await _store.ListAsync<ApplicationRecord>(new RowQuery(), Cancellation)).Rows);
    }

    [Fact]
    public async Task If_the_application_may_not_be_stored_its_first_KeyPair_is_not_either()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();

        ApplicationResult made = await _desk.CreateApplicationWithCredentialAsync(new NewApplication { WorkspaceId = workspace.Id, Name = "" }, Pair("Pair"), Ann, Cancellation);

        Assert.Equal((ChangeStatus.NameInvalid, null), (made.Status, made.Text));
        Assert.Empty((await _store.ListAsync<ApplicationRecord>(new RowQuery(), Cancellation)).Rows);
        Assert.Empty((await _store.ListAsync<CredentialRecord>(new RowQuery(), Cancellation)).Rows);
        Assert.Equal(ChangeStatus.NotFound, (await ApplicationAsync(workspace with { Id = "ws_none" }, "Pair")).Status);
    }

    [Fact]
    public async Task A_credential_that_is_refused_has_no_text_and_one_whose_Secret_may_not_be_sent_says_so()
    {
        ApplicationRecord application = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Application!;

        SecretResult taken = await CreateAsync(application, Pair("PAIR"));
        SecretResult nowhere = await CreateAsync(application with { Id = "app_none" }, Pair("Other"));
        SecretResult made = await CreateAsync(application, Pair("Other") with { ClientSecretAllowed = false });
        RowResult<CredentialRecord> edited = await _desk.EditAsync<CredentialRecord>(made.Credential!.Id, null, row => row with { ClientSecretAllowed = true }, Ann, Cancellation);

        Assert.Equal([(ChangeStatus.NameTaken, null), (ChangeStatus.NotFound, null)], [(taken.Status, taken.Text), (nowhere.Status, nowhere.Text)]);
        Assert.Equal((false, true), (made.Credential.ClientSecretAllowed, edited.Row!.ClientSecretAllowed));
        edited = await _desk.EditAsync<CredentialRecord>(made.Credential.Id, null, row => row with { ClientSecretAllowed = false }, Ann, Cancellation);
        Assert.Equal((ChangeStatus.Changed, false), (edited.Status, edited.Row!.ClientSecretAllowed));
    }

    [Fact]
    public async Task The_end_is_the_workspaces_default_unless_its_maker_says_otherwise()
    {
        WorkspaceRecord workspace = await WorkspaceAsync(lifetime: TimeSpan.FromDays(365));
        ApplicationRecord application = (await ApplicationAsync(workspace, "First")).Application!;

        Assert.Equal(Start.AddDays(365), (await CreateAsync(application, Pair("default"))).Credential!.Expires);
        Assert.Equal(Start.AddDays(1), (await CreateAsync(application, Pair("own") with { Expires = Start.AddDays(1) })).Credential!.Expires);
        Assert.Equal(Start.AddDays(375), (await CreateAsync(application, Pair("later") with { NotBefore = Start.AddDays(10) })).Credential!.Expires);
        Assert.Null((await CreateAsync(application, Pair("never") with { NeverExpires = true })).Credential!.Expires);
        Assert.Equal(ChangeStatus.EndInvalid, (await CreateAsync(application, Pair("past") with { Expires = Start })).Status);
    }

    [Fact]
    public async Task A_long_lived_token_is_never_for_more_than_its_KeyPair()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        CredentialRecord pair = (await ApplicationAsync(workspace, "Pair", "read", "write")).Credential!;
        CredentialRecord foreign = (await ApplicationAsync(workspace, "Other")).Credential!;
        NewCredential token = new() { Kind = CredentialKind.ApiToken, Name = "Token", ParentId = pair.Id, Scopes = ["read"] };

        Assert.Equal(ChangeStatus.ScopeNotGranted, (await _desk.CreateCredentialAsync(token with { Scopes = ["read", "admin"] }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.EnvironmentInvalid, (await _desk.CreateCredentialAsync(token with { Environment = "test" }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.ParentInvalid, (await _desk.CreateCredentialAsync(token with { Kind = CredentialKind.KeyPair }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.ParentInvalid, (await _desk.CreateCredentialAsync(token with { ApplicationId = foreign.ApplicationId }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.NotFound, (await _desk.CreateCredentialAsync(token with { ParentId = "crd_none" }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.NotFound, (await _desk.CreateCredentialAsync(token with { ParentId = "crd_none", ApplicationId = pair.ApplicationId }, Ann, Cancellation)).Status);

        SecretResult made = await _desk.CreateCredentialAsync(token, Ann, Cancellation);
        Assert.Equal(ChangeStatus.Changed, made.Status);
        Assert.Equal(("live", null), (made.Credential!.Environment, made.Credential.Key));
        Assert.Equal(ChangeStatus.ParentInvalid, (await _desk.CreateCredentialAsync(token with { Name = "Child of a token", ParentId = made.Credential.Id }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.ScopeNotGranted,
            (await _desk.EditAsync<CredentialRecord>(made.Credential.Id, null, row => row with { Scopes = ["read", "admin"] }, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task A_scope_that_a_KeyPair_loses_its_long_lived_tokens_lose_too()
    {
        CredentialRecord pair = (await ApplicationAsync(await WorkspaceAsync(), "Pair", "read", "write")).Credential!;
        SecretResult token = await _desk.CreateCredentialAsync(
            new NewCredential { Kind = CredentialKind.ApiToken, Name = "Token", ParentId = pair.Id, Scopes = ["read", "write"] }, Ann, Cancellation);

        await _desk.EditAsync<CredentialRecord>(pair.Id, null, row => row with { Scopes = ["read"] }, Ann, Cancellation);

        Assert.Equal(["read"], (await _store.GetAsync<CredentialRecord>(token.Credential!.Id, Cancellation))!.Scopes);
        Assert.True(_store.TryGetCached(TokenHash.Of(token.Text), out Credential? live));
        Assert.Equal(["read"], live!.Scopes);
    }

    [Fact]
    public async Task A_KeyPair_loses_a_scope_although_the_revocation_of_a_long_lived_token_has_come_or_is_to_come()
    {
        CredentialRecord pair = (await ApplicationAsync(await WorkspaceAsync(), "Pair", "read", "write")).Credential!;
        NewCredential token = new() { Kind = CredentialKind.ApiToken, Name = "Token", ParentId = pair.Id, Scopes = ["read", "write"] };
        string ended = (await _desk.CreateCredentialAsync(token, Ann, Cancellation)).Credential!.Id;
        string ending = (await _desk.CreateCredentialAsync(token with { Name = "Other" }, Ann, Cancellation)).Credential!.Id;
        await _desk.RevokeAsync(ended, null, null, TimeSpan.FromSeconds(1), Ann, Cancellation);
        await _desk.RevokeAsync(ending, null, null, TimeSpan.FromHours(1), Ann, Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ChangeStatus.Changed, (await _desk.EditAsync<CredentialRecord>(pair.Id, pair.Version, row => row with { Scopes = ["read"] }, Ann, Cancellation)).Status);

        Assert.Equal(["read"], (await _store.GetAsync<CredentialRecord>(ending, Cancellation))!.Scopes);
        Assert.Equal(StoredStatus.Revoked, (await _store.GetAsync<CredentialRecord>(ended, Cancellation))!.Status);
        Assert.Equal([ending, pair.Id], (await _store.ListAuditAsync(new RowQuery { Text = "credential.edited" }, Cancellation)).Rows.Select(entry => entry.Target));
    }

    [Fact]
    public async Task An_edit_changes_what_people_may_edit_and_nothing_else()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        CredentialRecord pair = (await ApplicationAsync(workspace, "Pair")).Credential!;

        RowResult<CredentialRecord> result = await _desk.EditAsync<CredentialRecord>(
            pair.Id,
            pair.Version,
            row => row with { Name = "Renamed", Status = StoredStatus.Revoked, Secrets = [], Key = "chosen", Expires = Start.AddDays(1), WorkspaceId = "ws_other", Version = 40 },
            Ann,
            Cancellation);

        Assert.Equal(ChangeStatus.Changed, result.Status);
        Assert.Equal(pair with { Name = "Renamed", Version = 2 }, result.Row! with { Secrets = pair.Secrets });
        Assert.Equal(ChangeStatus.Unchanged, (await _desk.EditAsync<CredentialRecord>(pair.Id, null, row => row, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.NameInvalid, (await _desk.EditAsync<CredentialRecord>(pair.Id, null, row => row with { Name = "a\0b" }, Ann, Cancellation)).Status);
        Assert.Equal("credential.edited", (await ActionsAsync())[0]);
        RowResult<WorkspaceRecord> untouched = await _desk.EditAsync<WorkspaceRecord>(
            workspace.Id, null, row => row with { Id = "ws_other", Created = new Stamp(Start.AddDays(1), "mallory"), Version = 40 }, Ann, Cancellation);
        Assert.Equal((ChangeStatus.Unchanged, workspace), (untouched.Status, untouched.Row));
    }

    [Fact]
    public async Task An_edit_suspends_and_resumes_and_never_revokes()
    {
        ApplicationRecord application = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Application!;

        await EditAsync(StoredStatus.Suspended);
        RowResult<ApplicationRecord> revoked = await EditAsync(StoredStatus.Revoked);
        RowResult<ApplicationRecord> nothing = await EditAsync(StoredStatus.None);
        await EditAsync(StoredStatus.Active);

        Assert.Equal((ChangeStatus.Unchanged, StoredStatus.Suspended), (revoked.Status, revoked.Row!.Status));
        Assert.Equal(ChangeStatus.Unchanged, nothing.Status);
        await _desk.EditAsync<ApplicationRecord>(application.Id, null, row => row with { Description = "Renamed" }, Ann, Cancellation);
        Assert.Equal(["application.edited", "application.resumed", "application.suspended"], (await ActionsAsync())[..3]);

        Task<RowResult<ApplicationRecord>> EditAsync(StoredStatus status) =>
            _desk.EditAsync<ApplicationRecord>(application.Id, null, row => row with { Status = status }, Ann, Cancellation);
    }

    [Fact]
    public async Task The_audit_says_of_a_workspace_and_a_sharing_key_what_was_done_with_them()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        string id = (await _desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = workspace.Id, Name = "Shared" }, Ann, Cancellation)).SharingKey!.Id;

        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { Name = "Other" }, Ann, Cancellation);
        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { Enabled = false }, Ann, Cancellation);
        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { Enabled = true }, Ann, Cancellation);
        await _desk.EditAsync<SharingKeyRecord>(id, null, row => row with { Name = "Other" }, Ann, Cancellation);
        await _desk.EditAsync<SharingKeyRecord>(id, null, row => row with { Status = StoredStatus.Suspended }, Ann, Cancellation);
        await _desk.EditAsync<SharingKeyRecord>(id, null, row => row with { Status = StoredStatus.Active }, Ann, Cancellation);

        Assert.Equal(
            ["sharing_key.resumed", "sharing_key.suspended", "sharing_key.edited", "workspace.enabled", "workspace.disabled", "workspace.edited"],
            (await ActionsAsync())[..6]);
    }

    [Fact]
    public async Task A_sharing_key_gets_no_end_that_has_passed_and_keeps_the_one_it_has()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        string id = (await _desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = workspace.Id, Name = "Shared" }, Ann, Cancellation)).SharingKey!.Id;

        Assert.Equal(ChangeStatus.EndInvalid, (await EditAsync(row => row with { Expires = Start })).Status);
        Assert.Equal(ChangeStatus.ListInvalid, (await EditAsync(row => row with { Scopes = ["a b"] })).Status);
        Assert.Equal(ChangeStatus.Changed, (await EditAsync(row => row with { Expires = Start.AddSeconds(1) })).Status);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ChangeStatus.Changed, (await EditAsync(row => row with { Name = "Former" })).Status);

        Task<RowResult<SharingKeyRecord>> EditAsync(Func<SharingKeyRecord, SharingKeyRecord> edit) => _desk.EditAsync(id, null, edit, Ann, Cancellation);
    }

    [Fact]
    public async Task An_edit_that_gives_a_list_as_it_is_changes_nothing()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        ApplicationResult made = await ApplicationAsync(workspace, "Pair", "read", "write");
        SharingKeyRecord sharing = (await _desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = workspace.Id, Name = "Shared", Scopes = ["read"] }, Ann, Cancellation)).SharingKey!;
        string[] before = await ActionsAsync();

        Assert.Equal(
            ChangeStatus.Unchanged,
            (await _desk.EditAsync<CredentialRecord>(made.Credential!.Id, null, row => row with { Scopes = [.. row.Scopes] }, Ann, Cancellation)).Status);
        Assert.Equal(
            ChangeStatus.Unchanged,
            (await _desk.EditAsync<ApplicationRecord>(made.Application!.Id, null, row => row with { ConnectedApis = [.. row.ConnectedApis] }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.Unchanged, (await _desk.EditAsync<SharingKeyRecord>(sharing.Id, null, row => row with { Scopes = [.. row.Scopes] }, Ann, Cancellation)).Status);

        Assert.Equal(before, await ActionsAsync());
        Assert.Equal(
            ChangeStatus.Changed,
            (await _desk.EditAsync<CredentialRecord>(made.Credential.Id, made.Credential.Version, row => row with { Scopes = ["write", "read"] }, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task An_application_without_a_bundle_id_is_suspended_although_its_workspace_asks_for_one_by_now()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        ApplicationRecord application = (await ApplicationAsync(workspace, "Pair")).Application!;
        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { BundleIdRequired = true }, Ann, Cancellation);

        Assert.Equal(ChangeStatus.Changed, (await EditAsync(row => row with { Status = StoredStatus.Suspended })).Status);
        Assert.Equal(ChangeStatus.Changed, (await EditAsync(row => row with { BundleId = "com.acme.shop" })).Status);
        Assert.Equal(ChangeStatus.BundleIdMissing, (await EditAsync(row => row with { BundleId = null })).Status);

        Task<RowResult<ApplicationRecord>> EditAsync(Func<ApplicationRecord, ApplicationRecord> edit) => _desk.EditAsync(application.Id, null, edit, Ann, Cancellation);
    }

    [Fact]
    public async Task A_name_is_free_at_the_instant_at_which_its_credential_is_revoked()
    {
        ApplicationRecord application = (await ApplicationAsync(await WorkspaceAsync(), "First")).Application!;
        CredentialRecord ending = (await CreateAsync(application, Pair("Orders"))).Credential!;
        CredentialRecord other = (await CreateAsync(application, Pair("Billing"))).Credential!;
        await _desk.RevokeAsync(ending.Id, null, null, TimeSpan.FromSeconds(1), Ann, Cancellation);
        Assert.Equal(ChangeStatus.NameTaken, (await CreateAsync(application, Pair("orders"))).Status);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ChangeStatus.Changed, (await _desk.EditAsync<CredentialRecord>(other.Id, null, row => row with { Name = "ORDERS" }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.NameTaken, (await CreateAsync(application, Pair("orders"))).Status);
        await _desk.RevokeAsync(other.Id, null, null, TimeSpan.FromSeconds(1), Ann, Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));

        // What else was noted is written with the refusal, which settles the former one, too.
        await _store.MarkUsedAsync([new SecretUse(ending.Id, 1, new LastUse(_clock.GetUtcNow(), null))], Cancellation);
        Assert.Equal(ChangeStatus.Changed, (await CreateAsync(application, Pair("Orders"))).Status);
    }

    [Fact]
    public async Task An_edit_of_an_older_version_is_refused_and_one_of_none_is_not()
    {
        ApplicationRecord application = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Application!;
        await _desk.EditAsync<ApplicationRecord>(application.Id, 1, row => row with { Name = "First" }, Ann, Cancellation);

        Assert.Equal(ChangeStatus.VersionMismatch, (await _desk.EditAsync<ApplicationRecord>(application.Id, 1, row => row with { Name = "Lost" }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.Changed, (await _desk.EditAsync<ApplicationRecord>(application.Id, null, row => row with { Description = "Both" }, Ann, Cancellation)).Status);
        Assert.Equal("First", (await _store.GetAsync<ApplicationRecord>(application.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task Edits_without_a_version_that_race_are_all_stored()
    {
        ApplicationRecord application = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Application!;

        RowResult<ApplicationRecord>[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => _desk.EditAsync<ApplicationRecord>(application.Id, null, row => row with { ConnectedApis = [.. row.ConnectedApis, $"api{i}"] }, Ann, Cancellation), Cancellation)));

        Assert.All(results, result => Assert.Equal(ChangeStatus.Changed, result.Status));
        Assert.Equal(8, (await _store.GetAsync<ApplicationRecord>(application.Id, Cancellation))!.ConnectedApis.Distinct().Count());
    }

    [Fact]
    public async Task An_edit_whose_row_was_changed_meanwhile_is_decided_again_sixteen_times_and_one_that_is_refused_is_not()
    {
        ApplicationRecord application = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Application!;
        CredentialRecord other = (await CreateAsync(application, Pair("Other"))).Credential!;
        List<Task> meanwhile = [];
        int runs = 0;

        // The store has changed when the call returns; only the disk is waited for.
        ApplicationRecord Overtaken(ApplicationRecord row, int times)
        {
            if (runs++ < times)
            {
                meanwhile.Add(_desk.EditAsync<ApplicationRecord>(application.Id, null, known => known with { Description = $"{meanwhile.Count}" }, Ann, Cancellation));
            }

            return row with { Name = "Mine" };
        }

        CredentialRecord Counted(CredentialRecord row)
        {
            runs++;
            return row;
        }

        RowResult<ApplicationRecord> once = await _desk.EditAsync<ApplicationRecord>(application.Id, null, row => Overtaken(row, 1), Ann, Cancellation);
        Assert.Equal((ChangeStatus.Changed, "Mine", "0", 2), (once.Status, once.Row!.Name, once.Row.Description, runs));

        runs = 0;
        RowResult<ApplicationRecord> always = await _desk.EditAsync<ApplicationRecord>(application.Id, null, row => Overtaken(row, 99) with { Name = "Late" }, Ann, Cancellation);
        Assert.Equal((ChangeStatus.VersionMismatch, null, 16), (always.Status, always.Row, runs));
        await Task.WhenAll(meanwhile);
        Assert.Equal("Mine", (await _store.GetAsync<ApplicationRecord>(application.Id, Cancellation))!.Name);

        runs = 0;
        RowResult<CredentialRecord> taken = await _desk.EditAsync<CredentialRecord>(other.Id, null, row => Counted(row with { Name = "PAIR" }), Ann, Cancellation);
        Assert.Equal((ChangeStatus.NameTaken, null, 1), (taken.Status, taken.Row, runs));
    }

    [Fact]
    public async Task Of_rotations_that_race_one_gives_a_Secret()
    {
        CredentialRecord pair = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Credential!;

        SecretResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _desk.RotateAsync(pair.Id, null, null, Ann, Cancellation), Cancellation)));

        SecretResult won = Assert.Single(results, result => result.Status == ChangeStatus.Changed);
        Assert.Equal(7, results.Count(result => result is { Status: ChangeStatus.AlreadyRotating, Text: null }));
        SecretRecord current = (await _store.GetAsync<CredentialRecord>(pair.Id, Cancellation))!.Current!;
        Assert.Equal((won.Text![^4..], 2), (current.Hint, current.Version));
        Assert.Equal(Start.AddHours(24), won.Credential!.Retiring!.RetiresAt);
        Assert.Single(await ActionsAsync(), "credential.rotated");
    }

    [Fact]
    public async Task A_Secret_is_revealed_if_it_was_made_retrievable_and_never_otherwise()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        ApplicationResult once = await ApplicationAsync(workspace, "Once");
        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { Disclosure = SecretDisclosure.Retrievable }, Ann, Cancellation);
        SecretResult pair = await CreateAsync(once.Application!, Pair("Retrievable"));
        SecretResult token = await CreateAsync(once.Application!, Pair("Token") with { Kind = CredentialKind.ApiToken });

        Assert.Equal(ChangeStatus.NotRetrievable, (await _desk.RevealAsync(once.Credential!.Id, null, Ann, Cancellation)).Status);
        Assert.Equal(pair.Text, (await _desk.RevealAsync(pair.Credential!.Id, null, Ann, Cancellation)).Text);
        Assert.Equal(token.Text, (await _desk.RevealAsync(token.Credential!.Id, 1, Ann, Cancellation)).Text);
        Assert.Equal(ChangeStatus.NotRetrievable, (await _desk.RevealAsync(token.Credential.Id, 2, Ann, Cancellation)).Status);
        AuditEvent latest = (await _store.ListAuditAsync(new RowQuery(), Cancellation)).Rows[0];
        Assert.Equal(("credential.revealed", "ann", "192.0.2.1", token.Credential.Id), (latest.Action, latest.Actor, latest.Address, latest.Target));

        await _desk.RevokeAsync(pair.Credential.Id, null, null, TimeSpan.Zero, Ann, Cancellation);
        Assert.Equal(ChangeStatus.AlreadyRevoked, (await _desk.RevealAsync(pair.Credential.Id, null, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task A_former_Secret_is_not_revealed_once_it_has_retired()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { Disclosure = SecretDisclosure.Retrievable }, Ann, Cancellation);
        ApplicationResult made = await ApplicationAsync(workspace, "Pair");
        await _desk.RotateAsync(made.Credential!.Id, null, TimeSpan.FromSeconds(1), Ann, Cancellation);

        // Before the store has destroyed it.
        Assert.Equal(made.Text, (await _desk.RevealAsync(made.Credential.Id, 1, Ann, Cancellation)).Text);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await _store.GetAsync<CredentialRecord>(made.Credential.Id, Cancellation))!.Secrets[0].Sealed);
        Assert.Equal(ChangeStatus.NotRetrievable, (await _desk.RevealAsync(made.Credential.Id, 1, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task A_reveal_that_cannot_be_noted_shows_nothing()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        await _desk.EditAsync<WorkspaceRecord>(workspace.Id, null, row => row with { Disclosure = SecretDisclosure.Retrievable }, Ann, Cancellation);
        ApplicationResult made = await ApplicationAsync(workspace, "Pair");
        _store.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _desk.RevealAsync(made.Credential!.Id, null, Ann, Cancellation));
    }

    [Fact]
    public async Task A_revoked_credential_verifies_nothing_and_says_by_whom_and_why()
    {
        CredentialRecord pair = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Credential!;

        RowResult<CredentialRecord> revoked = await _desk.RevokeAsync(pair.Id, null, "leaked", TimeSpan.Zero, Ann, Cancellation);

        Assert.Equal((ChangeStatus.Changed, "leaked", "ann"), (revoked.Status, revoked.Row!.RevokedFor, revoked.Row.Revoked!.Value.By));
        Assert.True(_store.TryGetCached(pair.Key, out Credential? live));
        Assert.True(live!.Secrets.IsEmpty);
        Assert.Equal(ChangeStatus.AlreadyRevoked, (await _desk.RotateAsync(pair.Id, null, null, Ann, Cancellation)).Status);
        RowResult<CredentialRecord> active = await _desk.ResumeAsync((await ApplicationAsync(await WorkspaceAsync(), "Active")).Credential!.Id, null, Ann, Cancellation);
        Assert.Equal((ChangeStatus.Unchanged, "Active"), (active.Status, active.Row?.Name));
        Assert.Equal(ChangeStatus.AlreadyRevoked, (await _desk.EditAsync<CredentialRecord>(pair.Id, null, row => row with { Name = "Other" }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.TextTooLong, (await _desk.RevokeAsync((await ApplicationAsync(await WorkspaceAsync(), "Next")).Credential!.Id, null, new string('x', 2001), TimeSpan.Zero, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task A_credential_is_deleted_with_its_long_lived_tokens_and_the_audit_says_all_of_it()
    {
        CredentialRecord pair = (await ApplicationAsync(await WorkspaceAsync(), "Pair")).Credential!;
        SecretResult token = await _desk.CreateCredentialAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Token", ParentId = pair.Id }, Ann, Cancellation);
        await _desk.RevokeAsync(token.Credential!.Id, null, null, TimeSpan.Zero, Ann, Cancellation);

        Assert.Equal(ChangeStatus.Changed, await _desk.DeleteAsync<CredentialRecord>(pair.Id, null, Ann, Cancellation));

        Assert.Empty((await _store.ListAsync<CredentialRecord>(new RowQuery(), Cancellation)).Rows);
        Assert.True(_store.TryGetCached(pair.Key, out Credential? live));
        Assert.Null(live);
        IReadOnlyList<AuditEvent> events = (await _store.ListAuditAsync(new RowQuery(), Cancellation)).Rows;
        Assert.Equal(
            [("credential.deleted", pair.Id), ("credential.deleted", token.Credential.Id), ("credential.revoked", pair.Id)],
            events.Take(3).Select(entry => (entry.Action, entry.Target)));
        Assert.Single(events, entry => (entry.Action, entry.Target) == ("credential.revoked", token.Credential.Id));
        Assert.Equal(ChangeStatus.NotFound, await _desk.DeleteAsync<CredentialRecord>(pair.Id, null, Ann, Cancellation));
    }

    [Fact]
    public async Task An_application_goes_with_its_credentials_and_a_workspace_only_when_it_is_empty()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        ApplicationResult made = await ApplicationAsync(workspace, "Pair");
        await CreateAsync(made.Application!, Pair("Second"));

        Assert.Equal(ChangeStatus.NotEmpty, await _desk.DeleteAsync<WorkspaceRecord>(workspace.Id, null, Ann, Cancellation));
        Assert.Equal(ChangeStatus.VersionMismatch, await _desk.DeleteAsync<ApplicationRecord>(made.Application!.Id, 7, Ann, Cancellation));
        Assert.Equal(ChangeStatus.Changed, await _desk.DeleteAsync<ApplicationRecord>(made.Application!.Id, null, Ann, Cancellation));
        Assert.Empty((await _store.ListAsync<CredentialRecord>(new RowQuery(), Cancellation)).Rows);
        Assert.Equal(ChangeStatus.Changed, await _desk.DeleteAsync<WorkspaceRecord>(workspace.Id, null, Ann, Cancellation));
    }

    [Fact]
    public async Task An_application_goes_with_more_credentials_than_a_page_has()
    {
        ApplicationResult made = await ApplicationAsync(await WorkspaceAsync(), "Pair");
        Assert.Equal(ChangeStatus.Changed, await _store.CommitAsync(
            new StoreChange([.. Enumerable.Range(1, RowQuery.MaxLimit).Select(i => new RowEdit(null, made.Credential! with { Id = $"crd_{i}", Key = $"key_{i}", Name = $"{i}", Secrets = [] }))], []),
            Cancellation));

        Assert.Equal(ChangeStatus.Changed, await _desk.DeleteAsync<ApplicationRecord>(made.Application!.Id, null, Ann, Cancellation));

        Assert.Empty((await _store.ListAsync<CredentialRecord>(new RowQuery(), Cancellation)).Rows);
    }

    [Fact]
    public async Task A_sharing_key_is_found_by_its_text_until_it_is_revoked()
    {
        WorkspaceRecord grantor = await WorkspaceAsync();
        WorkspaceRecord grantee = await WorkspaceAsync();
        SharingKeyResult made = await _desk.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = grantor.Id, GranteeWorkspaceId = grantee.Id, Name = "For the agency", Scopes = ["read"] }, Ann, Cancellation);

        Assert.StartsWith("acme_sharing_key_", made.Text, StringComparison.Ordinal);
        Assert.True(new CredentialFormat("acme").TryRead(made.Text, out CredentialText parts));
        Assert.Equal(CredentialTextKind.SharingKey, parts.Kind);
        Assert.True(parts.Environment.IsEmpty);
        ISharingKeySource source = _store;
        Assert.Equal(made.SharingKey!.Id, (await source.FindAsync(TokenHash.Of(made.Text), Cancellation))!.Id);

        await _desk.RevokeSharingKeyAsync(made.SharingKey.Id, null, Ann, Cancellation);
        Assert.Null(await source.FindAsync(TokenHash.Of(made.Text), Cancellation));
        Assert.Equal(CredentialStatus.Revoked, (await source.FindByIdAsync(made.SharingKey.Id, Cancellation))!.Evaluate(Start));
        Assert.Equal(ChangeStatus.AlreadyRevoked, (await _desk.RevokeSharingKeyAsync(made.SharingKey.Id, null, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.AlreadyRevoked,
            (await _desk.EditAsync<SharingKeyRecord>(made.SharingKey.Id, null, row => row with { Name = "Again" }, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task An_edit_does_not_bring_a_revoked_sharing_key_back()
    {
        WorkspaceRecord grantor = await WorkspaceAsync();
        string id = (await _desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = grantor.Id, Name = "For the agency" }, Ann, Cancellation)).SharingKey!.Id;
        await _desk.RevokeSharingKeyAsync(id, null, Ann, Cancellation);

        foreach (StoredStatus status in (StoredStatus[])[StoredStatus.Active, StoredStatus.Suspended])
        {
            Assert.Equal(ChangeStatus.AlreadyRevoked, (await _desk.EditAsync<SharingKeyRecord>(id, null, row => row with { Status = status }, Ann, Cancellation)).Status);
        }

        ISharingKeySource source = _store;
        Assert.Equal(CredentialStatus.Revoked, (await source.FindByIdAsync(id, Cancellation))!.Evaluate(Start));
    }

    [Fact]
    public async Task A_sharing_key_for_nobody_that_is_known_is_refused()
    {
        WorkspaceRecord grantor = await WorkspaceAsync();
        NewSharingKey wanted = new() { GrantorWorkspaceId = grantor.Id, Name = "For the agency" };

        Assert.Equal(ChangeStatus.NotFound, (await _desk.CreateSharingKeyAsync(wanted with { GranteeWorkspaceId = "ws_none" }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.NotFound, (await _desk.CreateSharingKeyAsync(wanted with { GranteeApplicationId = "app_none" }, Ann, Cancellation)).Status);
        SharingKeyResult nobodys = await _desk.CreateSharingKeyAsync(wanted with { GrantorWorkspaceId = "ws_none" }, Ann, Cancellation);
        Assert.Equal((ChangeStatus.NotFound, null), (nobodys.Status, nobodys.Text));
        Assert.Equal(ChangeStatus.EndInvalid, (await _desk.CreateSharingKeyAsync(wanted with { Expires = Start }, Ann, Cancellation)).Status);
        Assert.Equal(ChangeStatus.NameInvalid, (await _desk.CreateSharingKeyAsync(wanted with { Name = " " }, Ann, Cancellation)).Status);
    }

    [Fact]
    public async Task A_sharing_key_for_an_application_is_one_for_its_workspace_too_and_never_for_another()
    {
        WorkspaceRecord grantor = await WorkspaceAsync();
        ApplicationRecord agency = (await ApplicationAsync(await WorkspaceAsync(), "Agency", "read")).Application!;
        NewSharingKey wanted = new() { GrantorWorkspaceId = grantor.Id, GranteeApplicationId = agency.Id, Name = "For the agency" };

        SharingKeyRecord alone = (await _desk.CreateSharingKeyAsync(wanted, Ann, Cancellation)).SharingKey!;
        SharingKeyRecord both = (await _desk.CreateSharingKeyAsync(wanted with { GranteeWorkspaceId = agency.WorkspaceId }, Ann, Cancellation)).SharingKey!;
        SharingKeyResult torn = await _desk.CreateSharingKeyAsync(wanted with { GranteeWorkspaceId = grantor.Id }, Ann, Cancellation);

        Assert.Equal((agency.WorkspaceId, agency.Id), (alone.GranteeWorkspaceId, alone.GranteeApplicationId));
        Assert.Equal((agency.WorkspaceId, agency.Id), (both.GranteeWorkspaceId, both.GranteeApplicationId));
        Assert.Equal((ChangeStatus.NotFound, null), (torn.Status, torn.Text));
    }

    [Fact]
    public async Task Nobody_acts_without_a_name()
    {
        var application = new NewApplication { WorkspaceId = "ws_1", Name = "Shop" };
        var sharing = new NewSharingKey { GrantorWorkspaceId = "ws_1", Name = "Shared" };
        Func<Actor, Task>[] acts =
        [
            actor => _desk.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, actor, Cancellation),
            actor => _desk.CreateApplicationAsync(application, actor, Cancellation),
            actor => _desk.CreateApplicationWithCredentialAsync(application, Pair("Pair"), actor, Cancellation),
            actor => _desk.CreateCredentialAsync(Pair("Pair") with { ApplicationId = "app_1" }, actor, Cancellation),
            actor => _desk.CreateSharingKeyAsync(sharing, actor, Cancellation),
            actor => _desk.EditAsync<WorkspaceRecord>("ws_1", null, row => row, actor, Cancellation),
            actor => _desk.RotateAsync("crd_1", null, null, actor, Cancellation),
            actor => _desk.SuspendAsync("crd_1", null, actor, Cancellation),
            actor => _desk.RevealAsync("crd_1", null, actor, Cancellation),
            actor => _desk.RevokeSharingKeyAsync("shk_1", null, actor, Cancellation),
            actor => _desk.DeleteAsync<WorkspaceRecord>("ws_1", null, actor, Cancellation),
        ];

        foreach (Func<Actor, Task> act in acts)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => act(new Actor("")));
            await Assert.ThrowsAsync<ArgumentNullException>(() => act(default));
        }
    }

    [Fact]
    public async Task A_credential_of_no_kind_is_a_defect_of_its_maker()
    {
        WorkspaceRecord workspace = await WorkspaceAsync();
        NewCredential none = Pair("Pair") with { Kind = CredentialKind.None };

        await Assert.ThrowsAnyAsync<ArgumentException>(() => _desk.CreateCredentialAsync(none with { ApplicationId = "app_1" }, Ann, Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => _desk.CreateApplicationWithCredentialAsync(new NewApplication { WorkspaceId = workspace.Id, Name = "Shop" }, none, Ann, Cancellation));
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static NewCredential Pair(string name, params string[] scopes) => new() { Kind = CredentialKind.KeyPair, Name = name, Scopes = scopes };

    private async Task<WorkspaceRecord> WorkspaceAsync(TimeSpan? lifetime = null) =>
        (await _desk.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme", DefaultLifetime = lifetime }, Ann, Cancellation)).Row!;

    private async Task<ApplicationResult> ApplicationAsync(WorkspaceRecord workspace, string name, params string[] scopes) =>
        await _desk.CreateApplicationWithCredentialAsync(new NewApplication { WorkspaceId = workspace.Id, Name = name }, Pair(name, scopes), Ann, Cancellation);

    private async Task<SecretResult> CreateAsync(ApplicationRecord application, NewCredential credential) =>
        await _desk.CreateCredentialAsync(credential with { ApplicationId = application.Id }, Ann, Cancellation);

    private async Task<string[]> ActionsAsync() => [.. (await _store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Action)];
}
