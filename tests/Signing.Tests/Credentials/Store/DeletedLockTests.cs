using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Store;

/// <summary>A file of credentials whose lock file somebody deletes while a process holds it.</summary>
public sealed class DeletedLockTests : IDisposable
{
    private static readonly Actor Operator = new("ann");

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-lock-").FullName;
    private readonly LogBook _log = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SecretSeal _seal = new(new EphemeralDataProtectionProvider());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_directory, "data");

    private string FilePath => Path.Combine(Folder, "credentials.json");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_process_that_it_lets_in_is_not_undone_by_the_first(bool isFolder)
    {
        FileCredentialStore first = Open();
        await MakeAsync(first, "Acme");
        if (isFolder)
        {
            // As a backup is put in the place of the folder: its files are others, and look the same.
            Directory.Move(Folder, Folder + "-before");
            Directory.CreateDirectory(Folder);
            File.Copy(Path.Combine(Folder + "-before", "credentials.json"), FilePath);
            File.WriteAllBytes(FilePath + ".lock", []);
            File.SetLastWriteTimeUtc(FilePath + ".lock", File.GetLastWriteTimeUtc(Path.Combine(Folder + "-before", "credentials.json.lock")));
        }
        else
        {
            File.Delete(FilePath + ".lock");
        }

        using FileCredentialStore second = Open();
        string made = await MakeAsync(second, "Made by the second");

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => MakeAsync(first, "Made by the first"));
        _clock.Advance(FileCredentialStore.TidyInterval);
        Assert.Throws<IOException>(first.Dispose);

        Assert.Contains("another process", refusal.Message, StringComparison.Ordinal);
        Assert.All([2014, 2015], id => Assert.Contains(_log.Lines, line => line.Id == id && line.Level == LogLevel.Error));
        second.Dispose();
        using FileCredentialStore next = Open();
        Assert.NotNull(await next.GetAsync<WorkspaceRecord>(made, Cancellation));
    }

    [Fact]
    public async Task It_is_taken_again_with_the_next_change()
    {
        using FileCredentialStore first = Open();
        File.Delete(FilePath + ".lock");

        await MakeAsync(first, "Acme");

        Assert.Equal(CredentialStoreFault.Locked, Assert.Throws<CredentialStoreException>(Open).Fault);
        await MakeAsync(first, "Another");
    }

    [Fact]
    public async Task One_that_is_only_touched_is_still_held()
    {
        using FileCredentialStore first = Open();
        File.SetLastWriteTimeUtc(FilePath + ".lock", new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await MakeAsync(first, "Acme");

        Assert.Equal(CredentialStoreFault.Locked, Assert.Throws<CredentialStoreException>(Open).Fault);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private FileCredentialStore Open() => FileCredentialStore.Open(FilePath, _seal, _clock, _log.CreateLogger("store"), new Disk());

    private async Task<string> MakeAsync(FileCredentialStore store, string name) =>
        (await new CredentialAdministration(store, _seal, new CredentialFormat("sgn"), _clock).CreateWorkspaceAsync(new NewWorkspace { Name = name }, Operator, Cancellation)).Row!.Id;
}
