using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Signing.AspNetCore;
using Signing.Tests.Credentials.Rules;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Store;

public sealed class FileCredentialStoreTests : CredentialStoreContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-credentials-").FullName;
    private readonly TracingDisk _disk = new();
    private readonly ManualTimeProvider _clock = new(Now);
    private FileCredentialStore _store;

    public FileCredentialStoreTests() => _store = Open();

    protected override ICredentialStore Store => _store;

    protected override SecretSeal Seal { get; } = new(new EphemeralDataProtectionProvider());

    private string FilePath => Path.Combine(_directory, "deep", "credentials.json");

    private string CopyPath => Path.Combine(_directory, "copy", "credentials.json");

    [Fact]
    public async Task A_change_is_confirmed_when_file_and_directory_are_flushed()
    {
        await CreateAsync();
        _disk.Clear();

        await Store.CommitAsync(new StoreChange([new RowEdit(SampleRows.Application, SampleRows.Application with { Name = "Other", Version = 2 })], [Event(1)]), Cancellation);

        Assert.Equal(
            [
                "open Create credentials.json.new", "write credentials.json.new", "flush credentials.json.new", "replace credentials.json", "flush directory deep",
                "open CreateNew credentials.json.audit", "write credentials.json.audit", "flush credentials.json.audit", "flush directory deep",
            ],
            _disk.Calls);
    }

    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        CredentialRecord row = await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event(0), Event(0)]), Cancellation);
        await Store.MarkUsedAsync([new SecretUse(row.Id, 1, new LastUse(Now, "192.0.2.1"))], Cancellation);

        Restart();

        CredentialRecord read = (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!;
        Assert.Equal(row.Secrets[0].Sealed!.Value.ToArray(), read.Secrets[0].Sealed!.Value.ToArray());
        Assert.Equal("192.0.2.1", read.LastUsed!.Value.Address);
        Assert.Equal(SampleRows.Application.Name, (await Store.GetAsync<ApplicationRecord>("app_1", Cancellation))!.Name);
        Assert.Equal([2L, 1], (await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
        Assert.Equal(CredentialStatus.Valid, (await FindAsync(Store, row.Key!))!.Evaluate(0, Now));
    }

    [Fact]
    public async Task ApiTokens_and_sharing_keys_are_found_again_after_a_restart_and_a_Secret_that_may_not_be_sent_still_may_not()
    {
        CredentialRecord row = await CreateAsync();
        SharingKeyRecord shared = SampleRows.SharingKey;
        SharingKeyRecord revoked = shared with { Id = "shk_2", Status = StoredStatus.Revoked, Secret = shared.Secret with { Hash = null } };
        TokenHash hash = TokenHash.Of("acme_token_live_1");
        await CommitAsync(
            new RowEdit(row, row with { ClientSecretAllowed = false, Version = 2 }), new RowEdit(null, shared), new RowEdit(null, revoked),
            new RowEdit(null, SampleRows.ApiToken with { Id = "crd_2", Name = "Nightly", Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = hash }] }));

        Restart();

        Assert.Equal("crd_2", (await ((IApiTokenSource)Store).FindAsync(hash, Cancellation))?.Id);
        Assert.Equal(shared.Id, (await ((ISharingKeySource)Store).FindAsync(shared.Secret.Hash!.Value, Cancellation))?.Id);
        Assert.Equal(CredentialStatus.Valid, (await Store.FindByIdAsync(shared.Id, Cancellation))!.Evaluate(Now));
        Assert.Equal(CredentialStatus.Revoked, (await Store.FindByIdAsync(revoked.Id, Cancellation))!.Evaluate(Now));
        Assert.False((await FindAsync(Store, row.Key!))!.ClientSecretAllowed);
    }

    [Theory]
    [InlineData("open Create")]
    [InlineData("write")]
    [InlineData("flush")]
    [InlineData("replace")]
    [InlineData("flush directory")]
    public async Task A_disk_that_fails_confirms_nothing_loses_nothing_and_is_made_up_for_by_the_next_change(string call)
    {
        CredentialRecord row = await CreateAsync();
        _disk.TornBytes = 40;
        _disk.Fail(call);
        await Assert.ThrowsAsync<IOException>(async () => await TryCommitAsync(new RowEdit(row, row with { Name = "First", Version = 2 })));
        _disk.Fail(null);

        using (FileCredentialStore opened = OpenCopy())
        {
            Assert.Contains((await opened.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Name, (string[])["Orders", "First"]);
        }

        await CommitAsync(new RowEdit(row with { Version = 2 }, row with { Name = "Second", Version = 3 }));
        Restart();
        Assert.Equal("Second", (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Name);
    }

    [Theory]
    [InlineData("open Create", false)]
    [InlineData("replace", false)]
    [InlineData("replace", true)]
    [InlineData("open CreateNew", false)]
    public async Task A_change_waits_for_another_program_that_has_the_file_open(string held, bool isDenied)
    {
        CredentialRecord row = await CreateAsync();
        _disk.Hold(held, isDenied, times: 7);

        Assert.Equal(ChangeStatus.Changed, await Store.CommitAsync(new StoreChange([new RowEdit(row, row with { Name = "Other", Version = 2 })], [Event(0)]), Cancellation));

        Assert.Equal(TimeSpan.FromMilliseconds(1270), _disk.Rested);
        Restart();
        Assert.Equal("Other", (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Name);
    }

    // The system itself refuses here on Windows, and lets the file be replaced elsewhere.
    [Fact]
    public async Task A_change_lasts_although_the_file_is_read_when_it_is_replaced()
    {
        CredentialRecord row = await CreateAsync();
        using FileStream reader = new(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _disk.Resting = reader.Dispose;

        await CommitAsync(new RowEdit(row, row with { Name = "Other", Version = 2 }));

        Assert.Equal(OperatingSystem.IsWindows(), _disk.Rested > TimeSpan.Zero);
        Restart();
        Assert.Equal("Other", (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task A_change_that_another_program_keeps_from_the_disk_is_told_by_name_of_the_file_and_made_up_for_by_the_next()
    {
        CredentialRecord row = await CreateAsync();
        _disk.Hold("replace", isDenied: true, times: 8);

        IOException told = await Assert.ThrowsAsync<IOException>(async () => await TryCommitAsync(new RowEdit(row, row with { Name = "First", Version = 2 })));

        Assert.Contains($"Another program has the file {FilePath}", told.Message, StringComparison.Ordinal);
        await CommitAsync(new RowEdit(row with { Version = 2 }, row with { Name = "Second", Version = 3 }));
        Restart();
        Assert.Equal("Second", (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task An_event_is_kept_even_if_the_audit_file_is_torn_or_was_never_written()
    {
        await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);
        _disk.Fail("open Open");
        await Assert.ThrowsAsync<IOException>(async () => await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation));
        _disk.Fail(null);
        using (FileCredentialStore opened = OpenCopy(path => File.AppendAllText(path + ".audit", "{\"torn")))
        {
            Assert.Equal([2L, 1], (await opened.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
            await opened.CommitAsync(new StoreChange([new RowEdit(SampleRows.Application, SampleRows.Application with { Name = "Other", Version = 2 })], []), Cancellation);
        }

        using FileCredentialStore again = FileCredentialStore.Open(CopyPath, Seal, _clock);
        Assert.Equal([2L, 1], (await again.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("flush")]
    public async Task An_event_whose_line_could_not_be_written_is_written_once_with_the_next(string call)
    {
        await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);
        _disk.TornBytes = 40;
        _disk.Fail(call, ".audit");
        await Assert.ThrowsAsync<IOException>(async () => await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation));
        _disk.Fail(null);

        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);
        Restart();

        Assert.Equal([3L, 2, 1], (await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
        Assert.Equal(3, (await File.ReadAllLinesAsync(FilePath + ".audit", Cancellation)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_audit_that_is_moved_away_or_emptied_while_the_host_runs_begins_anew(bool moved)
    {
        await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);
        if (moved)
        {
            File.Move(FilePath + ".audit", FilePath + ".audit.1");
        }
        else
        {
            await File.WriteAllTextAsync(FilePath + ".audit", "", Cancellation);
        }

        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);
        Restart();

        Assert.Equal([2L], (await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
        Assert.Single(await File.ReadAllLinesAsync(FilePath + ".audit", Cancellation));
    }

    [Fact]
    public async Task The_numbers_of_events_go_on_though_the_audit_was_taken_away_while_nobody_ran()
    {
        await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event(0), Event(0)]), Cancellation);
        await CommitAsync(new RowEdit(SampleRows.Application, SampleRows.Application with { Name = "Other", Version = 2 }));
        _store.Dispose();
        File.Delete(FilePath + ".audit");
        _store = Open();

        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);

        Assert.Equal([3L], (await Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(entry => entry.Number));
    }

    [Fact]
    public void Of_events_the_latest_hundred_thousand_are_listed()
    {
        var trail = new AuditTrail(new AuditFile(FilePath + ".other", _disk));
        AuditEvent entry = Event(0);

        trail.Add([.. Enumerable.Repeat(entry, FileCredentialStore.MaxEvents + 1)]);

        Assert.Equal((FileCredentialStore.MaxEvents, 2L, FileCredentialStore.MaxEvents + 1L), (trail.Latest.Count, trail.Latest.First().Number, trail.LastNumber));
    }

    [Fact]
    public async Task A_store_that_is_disposed_of_writes_nothing_more_and_leaves_the_file_to_another()
    {
        CredentialRecord row = await CreateAsync();
        FileCredentialStore closed = _store;
        closed.Dispose();
        closed.Dispose();
        _store = Open();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
            await closed.CommitAsync(new StoreChange([new RowEdit(row, row with { Name = "Too late", Version = 2 })], []), Cancellation));

        Restart();
        Assert.Equal(row.Name, (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task A_Secret_that_was_copied_into_another_row_of_the_file_stops_the_start()
    {
        await CreateAsync();
        _store.Dispose();
        string content = await File.ReadAllTextAsync(FilePath, Cancellation);
        await File.WriteAllTextAsync(FilePath, content.Replace("crd_1", "crd_7", StringComparison.Ordinal), Cancellation);

        Assert.Equal(CredentialStoreFault.Corrupt, Assert.Throws<CredentialStoreException>(() => Open()).Fault);

        await File.WriteAllTextAsync(FilePath, content, Cancellation);
        _store = Open();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_damaged_line_of_the_audit_stops_the_start_and_stays_as_it_is(string damaged)
    {
        await CreateAsync();
        await Store.CommitAsync(new StoreChange([], [Event(0), Event(0)]), Cancellation);
        _store.Dispose();
        string[] lines = await File.ReadAllLinesAsync(FilePath + ".audit", Cancellation);
        await File.WriteAllLinesAsync(FilePath + ".audit", [damaged, lines[1]], Cancellation);

        Assert.Equal(CredentialStoreFault.Corrupt, Assert.Throws<CredentialStoreException>(() => Open()).Fault);

        Assert.Equal([damaged, lines[1]], await File.ReadAllLinesAsync(FilePath + ".audit", Cancellation));
        await File.WriteAllLinesAsync(FilePath + ".audit", lines, Cancellation);
        _store = Open();
    }

    [Fact]
    public void A_second_process_is_refused_with_the_reason()
    {
        var fault = Assert.Throws<CredentialStoreException>(() => Open());

        Assert.Equal(CredentialStoreFault.Locked, fault.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"format\":\"signing credentials, version 2\"}")]
    public async Task A_damaged_file_stops_the_start_and_stays_as_it_is(string content)
    {
        await CreateAsync();
        _store.Dispose();
        await File.WriteAllTextAsync(FilePath, content, Cancellation);

        Assert.Equal(CredentialStoreFault.Corrupt, Assert.Throws<CredentialStoreException>(() => Open()).Fault);

        Assert.Equal(content, await File.ReadAllTextAsync(FilePath, Cancellation));
        File.Delete(FilePath);
        _store = Open();
    }

    [Fact]
    public async Task A_whole_file_of_another_format_or_with_a_hash_that_is_none_stops_the_start()
    {
        await CreateAsync();
        TokenHash hash = TokenHash.Of("acme_token_live_1");
        await CommitAsync(new RowEdit(null, SampleRows.ApiToken with { Id = "crd_2", Name = "Nightly", Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = hash }] }));
        _store.Dispose();
        string content = await File.ReadAllTextAsync(FilePath, Cancellation);
        (string Part, string Other)[] changes = [(CredentialDocument.CurrentFormat, "signing credentials, version 2"), (hash.ToString(), hash.ToString()[1..])];

        foreach ((string part, string other) in changes)
        {
            Assert.Contains(part, content, StringComparison.Ordinal);
            await File.WriteAllTextAsync(FilePath, content.Replace(part, other, StringComparison.Ordinal), Cancellation);
            Assert.Equal(CredentialStoreFault.Corrupt, Assert.Throws<CredentialStoreException>(() => Open()).Fault);
        }

        await File.WriteAllTextAsync(FilePath, content, Cancellation);
        _store = Open();
    }

    [Fact]
    public async Task Another_key_ring_stops_the_start_and_is_named()
    {
        await CreateAsync();
        _store.Dispose();

        var fault = Assert.Throws<CredentialStoreException>(() =>
            FileCredentialStore.Open(FilePath, new SecretSeal(new EphemeralDataProtectionProvider()), _clock, NullLogger.Instance, _disk));

        Assert.Equal(CredentialStoreFault.WrongKeyRing, fault.Fault);
        _store = Open();
    }

    [Fact]
    public async Task No_Secret_and_no_ApiToken_stands_in_any_file()
    {
        await CreateAsync();
        string token = new CredentialFormat("acme").CreateApiToken("live");
        await CommitAsync(new RowEdit(null, SampleRows.ApiToken with { Id = "crd_2", Name = "Token", Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of(token) }] }));
        await Store.CommitAsync(new StoreChange([], [Event(0)]), Cancellation);

        foreach (string path in Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            string text = await File.ReadAllTextAsync(path, Cancellation);
            Assert.DoesNotContain("the first secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("the first secret, long enough")), text, StringComparison.Ordinal);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_time_has_ended_is_destroyed_on_the_disk_by_the_next_change_and_by_opening()
    {
        CredentialRecord row = await CreateAsync();
        await CommitAsync(new RowEdit(row, CredentialRules.Revoke(row, "ann", null, TimeSpan.FromDays(1), Now).Credential));
        _clock.Advance(TimeSpan.FromDays(2));

        Restart();

        CredentialRecord read = (await Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!;
        Assert.Equal(StoredStatus.Revoked, read.Status);
        Assert.All(read.Secrets, secret => Assert.True(secret.IsDestroyed));
        Assert.Equal(0, (await FindAsync(Store, row.Key!))!.Secrets.Length);
    }

    [Fact]
    public async Task A_change_takes_what_time_has_ended_from_the_disk_without_waiting_for_a_restart()
    {
        CredentialRecord row = await CreateAsync();
        await CommitAsync(new RowEdit(row, CredentialRules.Revoke(row, "ann", null, TimeSpan.FromSeconds(1), Now).Credential));
        Assert.Contains("\"sealed\"", await File.ReadAllTextAsync(FilePath, Cancellation), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await CommitAsync(new RowEdit(SampleRows.Application, SampleRows.Application with { Name = "Other", Version = 2 }));

        Assert.DoesNotContain("\"sealed\"", await File.ReadAllTextAsync(FilePath, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uses_and_what_time_has_ended_reach_the_disk_within_five_minutes_even_if_nothing_else_changes()
    {
        CredentialRecord row = await CreateAsync();
        await CommitAsync(new RowEdit(row, CredentialRules.Revoke(row, "ann", null, TimeSpan.FromMinutes(7), Now).Credential));
        await Store.MarkUsedAsync([new SecretUse(row.Id, 1, new LastUse(Now.AddMinutes(1), "192.0.2.1"))], Cancellation);
        _disk.Clear();

        _clock.Advance(FileCredentialStore.TidyInterval - TimeSpan.FromTicks(1));
        Assert.Empty(_disk.Calls);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Single(_disk.Calls, "replace credentials.json");
        using (FileCredentialStore opened = OpenCopy())
        {
            CredentialRecord read = (await opened.GetAsync<CredentialRecord>(row.Id, Cancellation))!;
            Assert.Equal(Now.AddMinutes(1), read.LastUsed?.At);
            Assert.False(read.Secrets[0].IsDestroyed);
        }

        _clock.Advance(FileCredentialStore.TidyInterval);
        Assert.Equal(2, _disk.Calls.Count(call => call == "replace credentials.json"));
        Assert.Equal(0, (await FindAsync(Store, row.Key!))!.Secrets.Length);
        using (FileCredentialStore opened = OpenCopy())
        {
            Assert.True((await opened.GetAsync<CredentialRecord>(row.Id, Cancellation))!.Secrets[0].IsDestroyed);
        }

        _clock.Advance(FileCredentialStore.TidyInterval);
        Assert.Equal(2, _disk.Calls.Count(call => call == "replace credentials.json"));
    }

    [Fact]
    public async Task If_tidying_fails_it_is_tried_again()
    {
        CredentialRecord row = await CreateAsync();
        await Store.MarkUsedAsync([new SecretUse(row.Id, 1, new LastUse(Now.AddMinutes(1), "192.0.2.1"))], Cancellation);

        _disk.Fail("write");
        _clock.Advance(FileCredentialStore.TidyInterval);
        _disk.Fail(null);
        _disk.Clear();
        _clock.Advance(FileCredentialStore.TidyInterval);

        Assert.Single(_disk.Calls, "replace credentials.json");
    }

    [Fact]
    public async Task Changes_that_wait_for_one_another_are_written_together()
    {
        await CreateAsync();
        var gate = new TaskCompletionSource();
        _disk.Gate = gate.Task;
        _disk.Clear();
        Task[] changes = [.. Enumerable.Range(2, 50).Select(i => Task.Run(() => CommitAsync(new RowEdit(null, Numbered(i))), Cancellation))];
        while ((await Store.ListAsync<CredentialRecord>(new RowQuery { Limit = 200 }, Cancellation)).Rows.Count < 51)
        {
            await Task.Yield();
        }

        gate.SetResult();
        await Task.WhenAll(changes);

        Assert.InRange(_disk.Calls.Count(call => call.StartsWith("replace", StringComparison.Ordinal)), 1, 3);
    }

    public void Dispose()
    {
        _disk.Fail(null);
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static AuditEvent Event(long number) => new()
    {
        Number = number,
        At = Now,
        Actor = "ann",
        Action = "application.renamed",
        Target = "app_1",
        WorkspaceId = "ws_1",
        Outcome = "changed",
    };

    private FileCredentialStore Open() => FileCredentialStore.Open(FilePath, Seal, _clock, NullLogger.Instance, _disk);

    // What another process would find if this one stopped now.
    private FileCredentialStore OpenCopy(Action<string>? change = null)
    {
        string copy = Path.Combine(_directory, "copy");
        Directory.CreateDirectory(copy);
        foreach (string path in Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(path, Path.Combine(copy, Path.GetFileName(path)), overwrite: true);
        }

        change?.Invoke(CopyPath);
        return FileCredentialStore.Open(CopyPath, Seal, _clock);
    }

    private void Restart()
    {
        _store.Dispose();
        _store = Open();
    }
}
