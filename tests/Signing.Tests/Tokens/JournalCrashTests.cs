using Microsoft.Extensions.Logging.Abstractions;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

/// <summary>Ends the computer before every single call to the disk, and looks at what a start finds then.</summary>
public sealed class JournalCrashTests : IDisposable
{
    private const string Name = "grants.journal";

    private static readonly GrantTerms Terms = new(KeyVersion: 1, TimeSpan.FromMinutes(15), TimeSpan.FromDays(30), []);

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-crash-").FullName;
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(JournalFile.MinCompaction)]
    [InlineData(1)]
    public async Task A_crash_at_any_moment_loses_nothing_that_was_confirmed(long minCompaction)
    {
        Dictionary<UInt128, Grant> confirmed = [];
        List<(byte[] File, Grant[] Confirmed)> crashes = [];
        TracingDisk disk = new();
        string path = Path.Combine(_directory, "live", Name);
        using (JournalGrantStore store = JournalGrantStore.Open(path, 1024, _time, NullLogger.Instance, disk, minCompaction))
        {
            disk.Crashing = file => crashes.Add((file, [.. confirmed.Values]));
            for (int step = 0; step < 24; step++)
            {
                UInt128 id = (UInt128)(step % 6) + 1;
                await ChangeAsync(store, id, step / 6);
                confirmed[id] = (await store.FindAsync(id, Cancellation))!;
            }
        }

        Assert.InRange(crashes.Count, 90, 1000);
        Assert.Equal(minCompaction == 1, disk.Calls.Count(call => call.StartsWith("replace")) > 1);
        foreach ((byte[] file, Grant[] grants) in crashes)
        {
            await AssertHasAsync(file, grants);
        }
    }

    private static async Task ChangeAsync(JournalGrantStore store, UInt128 id, int round)
    {
        switch (round)
        {
            case 0:
                DateTimeOffset end = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
                await store.InsertAsync(
                    new Grant
                    {
                        Id = id,
                        ClientKey = $"client {id}",
                        CredentialId = "crd_1",
                        KeyVersion = 1,
                        Issued = end,
                        RotatedAt = end,
                        AccessExpires = end,
                        RefreshExpires = end,
                    },
                    Cancellation);
                break;
            case 1:
                await store.TryRotateAsync(id, 0, Terms, Cancellation);
                break;
            case 2:
                await store.TryRotateAsync(id, 1, Terms, Cancellation);
                break;
            default:
                await store.RevokeAsync(id, RevocationReason.Operator, Cancellation);
                break;
        }
    }

    private async Task AssertHasAsync(byte[] file, Grant[] grants)
    {
        string path = Path.Combine(_directory, "after", Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, file, Cancellation);
        using JournalGrantStore store = JournalGrantStore.Open(path, 1024, _time);
        foreach (Grant grant in grants)
        {
            // What was confirmed, or what was under way after it: never less.
            Grant? found = await store.FindAsync(grant.Id, Cancellation);
            Assert.NotNull(found);
            Assert.True(found.Sequence >= grant.Sequence && (found.IsRevoked || !grant.IsRevoked), $"Sequence {found.Sequence} instead of {grant.Sequence}.");
        }
    }
}
