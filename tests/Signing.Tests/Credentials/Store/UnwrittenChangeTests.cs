using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Store;

/// <summary>Changes that are in force in the process and not yet in the file, as on a disk that is full.</summary>
public sealed class UnwrittenChangeTests : IDisposable
{
    private static readonly Actor Operator = new("ann");

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-unwritten-").FullName;
    private readonly TracingDisk _disk = new();
    private readonly LogBook _log = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SecretSeal _seal = new(new EphemeralDataProtectionProvider());
    private readonly FileCredentialStore _store;
    private readonly CredentialAdministration _desk;

    public UnwrittenChangeTests()
    {
        _store = FileCredentialStore.Open(Path.Combine(_directory, "credentials.json"), _seal, _clock, _log.CreateLogger("store"), _disk);
        _desk = new CredentialAdministration(_store, _seal, new CredentialFormat("sgn"), _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revocation_that_is_tried_again_is_not_told_to_be_done_before_it_is_in_the_file()
    {
        CredentialRecord row = await MakeAsync();
        _disk.Fail("write");
        await Assert.ThrowsAsync<IOException>(() => RevokeAsync(row.Id, version: null));

        await Assert.ThrowsAsync<IOException>(() => RevokeAsync(row.Id, version: null));
        await Assert.ThrowsAsync<IOException>(() => RevokeAsync(row.Id, row.Version));
        _disk.Fail(null);

        Assert.Equal(ChangeStatus.AlreadyRevoked, (await RevokeAsync(row.Id, version: null)).Status);
        Assert.Equal(StoredStatus.Revoked, (await ReadCopyAsync(row.Id))!.Status);
    }

    [Fact]
    public async Task A_deletion_that_is_tried_again_is_not_told_to_be_done_before_it_is_in_the_file()
    {
        CredentialRecord row = await MakeAsync();
        _disk.Fail("write");
        await Assert.ThrowsAsync<IOException>(() => DeleteAsync(row.Id));

        await Assert.ThrowsAsync<IOException>(() => DeleteAsync(row.Id));
        _disk.Fail(null);

        Assert.Equal(ChangeStatus.NotFound, await DeleteAsync(row.Id));
        Assert.Null(await ReadCopyAsync(row.Id));
    }

    [Fact]
    public async Task A_row_whose_deletion_is_not_in_the_file_is_not_told_to_be_gone()
    {
        CredentialRecord row = await MakeAsync();
        _disk.Fail("write");
        await Assert.ThrowsAsync<IOException>(() => DeleteAsync(row.Id));

        await Assert.ThrowsAsync<IOException>(async () => await _store.GetAsync<CredentialRecord>(row.Id, Cancellation));
        _disk.Fail(null);

        Assert.Null(await _store.GetAsync<CredentialRecord>(row.Id, Cancellation));
        Assert.Null(await ReadCopyAsync(row.Id));
    }

    [Fact]
    public async Task A_change_that_the_store_refuses_for_one_that_is_not_in_the_file_has_that_written_first()
    {
        CredentialRecord row = await MakeAsync();
        StoreChange change = new([new RowEdit(row, row with { Status = StoredStatus.Suspended, Version = 2 })], []);
        _disk.Fail("write");
        await Assert.ThrowsAsync<IOException>(async () => await _store.CommitAsync(change, Cancellation));

        await Assert.ThrowsAsync<IOException>(async () => await _store.CommitAsync(change, Cancellation));
        _disk.Fail(null);

        Assert.Equal(ChangeStatus.VersionMismatch, await _store.CommitAsync(change, Cancellation));
        Assert.Equal(StoredStatus.Suspended, (await ReadCopyAsync(row.Id))!.Status);
    }

    [Fact]
    public async Task A_refusal_writes_nothing_where_nothing_is_left_to_write()
    {
        CredentialRecord row = await MakeAsync();
        await RevokeAsync(row.Id, version: null);
        _disk.Clear();

        Assert.Equal(ChangeStatus.AlreadyRevoked, (await RevokeAsync(row.Id, version: null)).Status);

        Assert.Empty(_disk.Calls);
    }

    [Fact]
    public async Task A_store_that_is_closed_with_changes_that_it_cannot_write_says_that_they_are_gone()
    {
        CredentialRecord row = await MakeAsync();
        _disk.Fail("write");
        await Assert.ThrowsAsync<IOException>(() => RevokeAsync(row.Id, version: null));
        _log.Clear();

        Assert.Throws<IOException>(_store.Dispose);

        Assert.Equal((LogLevel.Error, 2015), Assert.Single(_log.Lines.Select(line => (line.Level, line.Id))));
    }

    public void Dispose()
    {
        _disk.Fail(null);
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<CredentialRecord> MakeAsync()
    {
        WorkspaceRecord workspace = (await _desk.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, Operator, Cancellation)).Row!;
        ApplicationResult made = await _desk.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = "Shop" },
            new NewCredential { Kind = CredentialKind.KeyPair, Name = "Orders" },
            Operator,
            Cancellation);
        Canary.Watch(made.Text!);
        return made.Credential!;
    }

    private Task<RowResult<CredentialRecord>> RevokeAsync(string id, long? version) =>
        _desk.RevokeAsync(id, version, reason: null, TimeSpan.Zero, Operator, Cancellation);

    private Task<ChangeStatus> DeleteAsync(string id) => _desk.DeleteAsync<CredentialRecord>(id, version: null, Operator, Cancellation);

    // What another process would find if this one ended now.
    private async Task<CredentialRecord?> ReadCopyAsync(string id)
    {
        string copy = Path.Combine(_directory, "copy.json");
        File.Copy(Path.Combine(_directory, "credentials.json"), copy, overwrite: true);
        using FileCredentialStore opened = FileCredentialStore.Open(copy, _seal, _clock);
        return await opened.GetAsync<CredentialRecord>(id, Cancellation);
    }
}
