using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

/// <summary>A journal whose file somebody takes away, or replaces by a backup, while the host runs.</summary>
public sealed class JournalTakenAwayTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-journal-").FullName;
    private readonly LogBook _log = new();
    private readonly ManualTimeProvider _clock = new();
    private JournalGrantStore _store;

    public JournalTakenAwayTests() => _store = Open();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_directory, "data");

    private string FilePath => Path.Combine(Folder, "grants.journal");

    [Fact]
    public async Task A_backup_that_is_put_in_its_place_undoes_no_revocation()
    {
        await _store.InsertAsync(GrantOf(1), Cancellation);
        await _store.InsertAsync(GrantOf(2), Cancellation);
        string backup = Path.Combine(_directory, "backup");
        File.Copy(FilePath, backup);
        await _store.RevokeAsync(1, RevocationReason.Operator, Cancellation);

        File.Move(backup, FilePath, overwrite: true);
        await _store.RevokeAsync(2, RevocationReason.Operator, Cancellation);

        Assert.Equal((LogLevel.Warning, 3013), Assert.Single(_log.Lines.Select(line => (line.Level, line.Id))));
        Restart();
        Assert.True((await _store.FindAsync(1, Cancellation))!.IsRevoked);
        Assert.True((await _store.FindAsync(2, Cancellation))!.IsRevoked);
    }

    [Fact]
    public async Task A_file_that_is_taken_away_is_written_anew()
    {
        await _store.InsertAsync(GrantOf(1), Cancellation);

        File.Delete(FilePath);
        await _store.InsertAsync(GrantOf(2), Cancellation);

        Restart();
        Assert.NotNull(await _store.FindAsync(1, Cancellation));
        Assert.NotNull(await _store.FindAsync(2, Cancellation));
    }

    [Fact]
    public async Task Without_its_folder_nothing_is_confirmed_and_with_it_nothing_was_lost()
    {
        await _store.InsertAsync(GrantOf(1), Cancellation);
        Directory.Delete(Folder, recursive: true);

        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await _store.RevokeAsync(1, RevocationReason.Operator, Cancellation));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await _store.RevokeAsync(1, RevocationReason.Operator, Cancellation));
        Directory.CreateDirectory(Folder);
        await _store.RevokeAsync(1, RevocationReason.Operator, Cancellation);

        Restart();
        Assert.True((await _store.FindAsync(1, Cancellation))!.IsRevoked);
    }

    [Fact]
    public async Task A_second_process_that_the_deleted_lock_lets_in_is_not_undone_by_the_first()
    {
        await _store.InsertAsync(GrantOf(1), Cancellation);
        await _store.InsertAsync(GrantOf(2), Cancellation);
        File.Delete(FilePath + ".lock");
        using (JournalGrantStore second = Open())
        {
            await second.RevokeAsync(1, RevocationReason.Operator, Cancellation);

            await Assert.ThrowsAnyAsync<IOException>(async () => await _store.RevokeAsync(2, RevocationReason.Operator, Cancellation));
            await Assert.ThrowsAnyAsync<IOException>(async () => await _store.InsertAsync(GrantOf(3), Cancellation));
        }

        Restart();
        Assert.True((await _store.FindAsync(1, Cancellation))!.IsRevoked);
    }

    [Fact]
    public async Task A_lock_that_was_deleted_is_taken_again_with_the_next_change()
    {
        File.Delete(FilePath + ".lock");
        await _store.InsertAsync(GrantOf(1), Cancellation);

        Assert.Throws<TokenStartException>(Open);
        await _store.InsertAsync(GrantOf(2), Cancellation);
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private JournalGrantStore Open() => JournalGrantStore.Open(FilePath, 1024, _clock, _log.CreateLogger("journal"), new Disk());

    private void Restart()
    {
        _store.Dispose();
        _store = Open();
    }

    private Grant GrantOf(UInt128 id)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return new Grant
        {
            Id = id,
            ClientKey = "shop_key_1",
            CredentialId = "crd_1",
            Scopes = [],
            KeyVersion = 1,
            Issued = now,
            RotatedAt = now,
            AccessExpires = now.AddMinutes(15),
            RefreshExpires = now.AddDays(30),
        };
    }
}
