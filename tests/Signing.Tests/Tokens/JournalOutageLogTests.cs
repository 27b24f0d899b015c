using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

/// <summary>A disk that takes nothing, often the very disk of the log, and how often it is told of.</summary>
public sealed class JournalOutageLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-outage-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_full_disk_is_told_of_once_and_not_with_each_change()
    {
        TracingDisk disk = new();
        RecordedLog<JournalGrantStore> log = new();
        using JournalGrantStore store = JournalGrantStore.Open(Path.Combine(_directory, "grants.journal"), 1024, new ManualTimeProvider(), log, disk);

        disk.Fail("write");
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => store.BindSharingKeyAsync($"shk_{i}", "acme", Cancellation).AsTask());
        }

        disk.Fail(null);
        await store.BindSharingKeyAsync("shk_20", "acme", Cancellation);
        Assert.StartsWith("Error: The journal of grants ", Assert.Single(log.Lines), StringComparison.Ordinal);
    }
}
