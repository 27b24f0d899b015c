using System.Text;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

public sealed class JournalGrantStoreTests : GrantStoreContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-journal-").FullName;
    private readonly List<JournalGrantStore> _open = [];
    private readonly TracingDisk _disk = new();
    private readonly LogBook _log = new();

    private const string WithoutScopes = """[{"grant":{"id":1,"clientKey":"key_1","credentialId":"crd_1","keyVersion":1,"issued":"2030-01-01T12:00:00+00:00","rotatedAt":"2030-01-01T12:00:00+00:00","accessExpires":"2030-01-02T12:00:00+00:00" """;

    private string FilePath => Path.Combine(_directory, "grants.journal");

    public void Dispose()
    {
        _disk.Fail(null);
        _open.ForEach(store => store.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        JournalGrantStore store = OpenJournal();
        await store.AddMasterKeyAsync(KeyOf(1, 10), Cancellation);
        await store.AddMasterKeyAsync(KeyOf(2, 20), Cancellation);
        await store.TryResealMasterKeyAsync(KeyOf(2, 20), KeyOf(2, 21), Cancellation);
        await store.BindSharingKeyAsync("shk_1", "application app_1", Cancellation);
        for (UInt128 id = 1; id <= 5; id++)
        {
            await store.InsertAsync(GrantOf(id, withRefreshToken: id < 5), Cancellation);
        }

        await RotateAsync(store, 2, 0);
        await RotateAsync(store, 3, 0);
        await store.MarkUsedAsync(3, 1, Cancellation);
        await store.RevokeAsync(4, RevocationReason.Operator, Cancellation);
        Grant?[] before = [.. await AllAsync(store, 5)];
        store.Dispose();

        JournalGrantStore again = OpenJournal();

        Grant?[] after = [.. await AllAsync(again, 5)];
        Assert.All(before.Zip(after), pair => AssertSame(pair.First!, pair.Second));
        Assert.Equal([(1, 10), (2, 21)], (await again.GetMasterKeysAsync(Cancellation)).Select(key => (key.Version, (int)key.Sealed[0])));
        Assert.Equal("application app_1", await again.BindSharingKeyAsync("shk_1", "application app_2", Cancellation));
        Assert.Equal(GrantRotationStatus.SameSuccessor, (await RotateAsync(again, 2, 0)).Status);
        Assert.Equal(GrantRotationStatus.Reused, (await RotateAsync(again, 3, 0)).Status);
        Assert.DoesNotContain(_log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_last_line_that_is_torn_anywhere_is_dropped_and_nothing_else()
    {
        await WriteAsync(OpenJournal(), grants: 3);
        byte[] whole = await File.ReadAllBytesAsync(FilePath, Cancellation);
        int lastLine = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        Assert.InRange(whole.Length - lastLine, 100, 2000);

        for (int length = lastLine + 1; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(FilePath, whole[..length], Cancellation);
            _log.Clear();

            using (JournalGrantStore store = OpenJournal())
            {
                Assert.Equal([true, true, false], (await AllAsync(store, 3)).Select(grant => grant is not null));
            }

            Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("torn"));
        }
    }

    [Fact]
    public async Task A_last_line_with_holes_in_it_is_dropped_and_nothing_else()
    {
        await WriteAsync(OpenJournal(), grants: 3);
        byte[] holed = await File.ReadAllBytesAsync(FilePath, Cancellation);
        holed.AsSpan(holed.Length - 60, 40).Clear();
        await File.WriteAllBytesAsync(FilePath, holed, Cancellation);

        JournalGrantStore store = OpenJournal();

        Assert.Equal([true, true, false], (await AllAsync(store, 3)).Select(grant => grant is not null));
    }

    [Fact]
    public async Task A_file_that_was_torn_is_whole_again_after_the_start()
    {
        await WriteAsync(OpenJournal(), grants: 3);
        byte[] whole = await File.ReadAllBytesAsync(FilePath, Cancellation);
        await File.WriteAllBytesAsync(FilePath, whole[..^20], Cancellation);

        using (JournalGrantStore store = OpenJournal())
        {
            await store.InsertAsync(GrantOf(4), Cancellation);
        }

        Assert.Equal([true, true, false, true], (await AllAsync(OpenJournal(), 4)).Select(grant => grant is not null));
    }

    [Fact]
    public async Task Damage_before_the_last_line_stops_the_start_and_leaves_the_file_as_it_is()
    {
        await WriteAsync(OpenJournal(), grants: 3);
        byte[] whole = await File.ReadAllBytesAsync(FilePath, Cancellation);
        int lastLine = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;

        for (int position = 0; position < lastLine; position += 7)
        {
            byte[] damaged = [.. whole];
            damaged[position] ^= 1;
            await File.WriteAllBytesAsync(FilePath, damaged, Cancellation);

            TokenStartException exception = Assert.Throws<TokenStartException>(() => OpenJournal());

            Assert.Equal(TokenStartFault.JournalCorrupt, exception.Fault);
            Assert.Contains("Line ", exception.Message);
            Assert.DoesNotContain(Client, exception.Message);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(FilePath, Cancellation));
        }
    }

    // As a copy from before it would have it, whose lines were put behind those from after it; each of them is whole.
    [Fact]
    public async Task No_line_that_stands_behind_a_revocation_undoes_it()
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        await RotateAsync(store, 1, 0);
        string[] before = FileInUse.ReadText(FilePath).TrimEnd('\n').Split('\n');
        await store.RevokeAsync(1, RevocationReason.Operator, Cancellation);
        store.Dispose();
        await File.AppendAllTextAsync(FilePath, string.Concat(before[1..].Select(line => line + '\n')), Cancellation);

        JournalGrantStore again = OpenJournal();

        Grant grant = (await again.FindAsync(1, Cancellation))!;
        Assert.Equal((true, RevocationReason.Operator, 1), (grant.IsRevoked, grant.RevokedFor, grant.Sequence));
        Assert.Equal(GrantRotationStatus.Revoked, (await RotateAsync(again, 1, 1)).Status);
    }

    [Fact]
    public async Task Damage_before_a_torn_last_line_stops_the_start_too()
    {
        await WriteAsync(OpenJournal(), grants: 3);
        byte[] damaged = await File.ReadAllBytesAsync(FilePath, Cancellation);
        int lastLine = Array.LastIndexOf(damaged, (byte)'\n', damaged.Length - 2) + 1;
        damaged[lastLine - 20] ^= 1;
        await File.WriteAllBytesAsync(FilePath, damaged[..^20], Cancellation);

        Assert.Equal(TokenStartFault.JournalCorrupt, Assert.Throws<TokenStartException>(() => OpenJournal()).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("CHECKSUM ")]
    [InlineData("CHECKSUMx[]")]
    [InlineData("checksum []")]
    public async Task A_whole_line_that_is_none_is_dropped_as_the_last_one_and_stops_the_start_before_another(string line)
    {
        await WriteAsync(OpenJournal(), grants: 2);
        string whole = FileInUse.ReadText(FilePath);
        line = line.Replace("CHECKSUM", Checked("[]")[..8], StringComparison.Ordinal);
        string damaged = whole.Insert(whole.LastIndexOf('\n', whole.Length - 2) + 1, line + "\n");

        await File.WriteAllTextAsync(FilePath, damaged, Cancellation);
        Assert.Equal(TokenStartFault.JournalCorrupt, Assert.Throws<TokenStartException>(() => OpenJournal()).Fault);

        await File.WriteAllTextAsync(FilePath, $"{whole}{line}\n", Cancellation);
        Assert.All(await AllAsync(OpenJournal(), 2), Assert.NotNull);
        Assert.Single(_log.Lines, known => known.Level == LogLevel.Warning && known.Text.Contains("torn"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("signing grants, version 2\n")]
    [InlineData("{\"some\":\"other file\"}\n")]
    public async Task A_file_that_is_not_a_journal_of_this_version_stops_the_start(string content)
    {
        await File.WriteAllTextAsync(FilePath, content, Cancellation);

        TokenStartException exception = Assert.Throws<TokenStartException>(() => OpenJournal());

        Assert.Equal(TokenStartFault.JournalCorrupt, exception.Fault);
        Assert.Equal(content, FileInUse.ReadText(FilePath));
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("[{\"grant\":null}]")]
    [InlineData("[{\"later\":{}}]")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[{\"grant\":{\"id\":1}}]")]
    [InlineData(WithoutScopes + "}}]")]
    [InlineData(WithoutScopes + ",\"scopes\":[null]}}]")]
    public async Task A_line_with_a_right_checksum_and_rows_of_another_shape_stops_the_start(string rows)
    {
        await File.WriteAllTextAsync(FilePath, $"signing grants, version 1\n{Checked(rows)}\n", Cancellation);

        Assert.Equal(TokenStartFault.JournalCorrupt, Assert.Throws<TokenStartException>(() => OpenJournal()).Fault);
    }

    // Once written, a version is read for ever: this is a file as version 1 writes it.
    [Fact]
    public async Task A_file_of_version_1_is_read()
    {
        const string Rows = """[{"grant":{"id":170141183460469231731687303715884105728,"clientKey":"key_1","credentialId":"crd_1","applicationId":"app_1","actingWorkspaceId":"ws_1","workspaceId":"ws_2","sharingKeyId":"shk_1","scopes":["orders.read"],"sequence":3,"keyVersion":2,"issued":"2029-12-31T12:00:00.25+00:00","rotatedAt":"2030-01-01T11:59:00+00:00","accessExpires":"2030-01-01T12:14:00+00:00","refreshExpires":"2030-01-31T11:59:00+00:00","isUsed":true,"revokedAt":"2030-01-01T11:59:30+00:00","revokedFor":"RefreshReused"}},{"masterKey":{"version":2,"sealed":"AQID","created":"2029-06-01T00:00:00+00:00"}}]""";
        await File.WriteAllTextAsync(FilePath, $"signing grants, version 1\n{Checked(Rows)}\n", Cancellation);

        JournalGrantStore store = OpenJournal();

        Grant grant = (await store.FindAsync(UInt128.One << 127, Cancellation))!;
        Assert.Equal(("key_1", "crd_1", "app_1", "ws_1", "ws_2", "shk_1"), (grant.ClientKey, grant.CredentialId, grant.ApplicationId, grant.ActingWorkspaceId, grant.WorkspaceId, grant.SharingKeyId));
        Assert.Equal((3, 2, true, RevocationReason.RefreshReused), (grant.Sequence, grant.KeyVersion, grant.IsUsed, grant.RevokedFor));
        Assert.Equal(["orders.read"], grant.Scopes);
        Assert.Equal(new DateTimeOffset(2029, 12, 31, 12, 0, 0, 250, TimeSpan.Zero), grant.Issued);
        Assert.Equal([1, 2, 3], Assert.Single(await store.GetMasterKeysAsync(Cancellation)).Sealed);
        Assert.Equal($"signing grants, version 1\n{Checked(Rows.Split("},{")[1] is var key ? "[{" + key : "")}\n{Checked(Rows.Split(",{\"masterKey")[0] + "]")}\n", FileInUse.ReadText(FilePath));
    }

    [Fact]
    public void A_second_process_is_refused_while_the_first_has_the_file()
    {
        JournalGrantStore first = OpenJournal();

        TokenStartException exception = Assert.Throws<TokenStartException>(() => OpenJournal());

        Assert.Equal(TokenStartFault.JournalLocked, exception.Fault);
        Assert.Contains(FilePath, exception.Message);
        first.Dispose();
        OpenJournal();
    }

    [Fact]
    public async Task The_new_file_is_flushed_before_it_takes_its_place_and_the_directory_after()
    {
        await WriteAsync(OpenJournal(), grants: 1);
        _disk.Clear();

        OpenJournal();

        Assert.Equal(
            [
                "open OpenOrCreate grants.journal.lock",
                "open Open grants.journal",
                "open Create grants.journal.new",
                "write grants.journal.new",
                "flush grants.journal.new",
                "replace grants.journal",
                $"flush directory {Path.GetFileName(_directory)}",
                "open Append grants.journal",
            ],
            _disk.Calls);
    }

    [Fact]
    public void A_new_directory_is_flushed_into_the_one_that_holds_it()
    {
        string path = Path.Combine(_directory, "data", "grants.journal");

        _open.Add(JournalGrantStore.Open(path, 64, Time, _log.CreateLogger("journal"), _disk));

        Assert.Equal($"flush directory {Path.GetFileName(_directory)}", _disk.Calls[0]);
        Assert.Contains("flush directory data", _disk.Calls);
    }

    [Fact]
    public void A_directory_that_is_not_there_cannot_be_flushed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Throws<IOException>(() => new Disk().FlushDirectory(Path.Combine(_directory, "missing")));
        new Disk().FlushDirectory(_directory);
    }

    public static TheoryData<string> Changes => ["insert", "rotate", "repeat", "reuse", "revoke", "revoke all", "bind", "master key"];

    [Theory, MemberData(nameof(Changes))]
    public async Task No_change_is_confirmed_before_it_is_written_and_flushed(string change)
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.Clear();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.Gate = gate.Task;

        Task earlier = change == "repeat" ? RotateAsync(store, 1, 0) : Task.CompletedTask;
        Task confirmation = ChangeAsync(store, change);
        await Task.Yield();

        Assert.False(confirmation.IsCompleted);
        gate.SetResult();
        await earlier;
        await confirmation;
        Assert.Equal(["write grants.journal", "flush grants.journal"], _disk.Calls[..2]);
    }

    [Fact]
    public async Task An_answer_that_changes_nothing_waits_for_what_is_being_written_and_writes_nothing_itself()
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.Clear();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.Gate = gate.Task;
        Task<bool> revoking = store.RevokeAsync(1, RevocationReason.Holder, Cancellation).AsTask();
        while (_disk.Calls.Length == 0)
        {
            await Task.Yield();
        }

        Task<bool> again = store.RevokeAsync(1, RevocationReason.Holder, Cancellation).AsTask();
        bool isEarly = again.IsCompleted;
        gate.SetResult();

        Assert.Equal((true, false, false), (await revoking, await again, isEarly));
        Assert.False(await store.RevokeAsync(1, RevocationReason.Holder, Cancellation));
        Assert.Equal(["write grants.journal", "flush grants.journal"], _disk.Calls);
    }

    [Fact]
    public async Task Changes_that_come_while_one_is_written_share_the_next_flush()
    {
        JournalGrantStore store = OpenJournal();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.Gate = gate.Task;
        _disk.Clear();

        Task<GrantInsertion>[] insertions = [.. Enumerable.Range(1, 100).Select(i => store.InsertAsync(GrantOf((UInt128)i, client: $"client {i}"), Cancellation).AsTask())];
        gate.SetResult();
        Assert.All(await Task.WhenAll(insertions), insertion => Assert.Equal(GrantInsertion.Inserted, insertion));

        Assert.InRange(_disk.Calls.Count(call => call.StartsWith("flush")), 1, 4);
        store.Dispose();
        Assert.All(await AllAsync(OpenJournal(), 100), Assert.NotNull);
    }

    [Theory]
    [InlineData("write", 30)]
    [InlineData("write", 0)]
    [InlineData("flush", 0)]
    public async Task After_a_failure_the_next_change_writes_the_whole_file_anew(string failing, int torn)
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.TornBytes = torn;
        _disk.Fail(failing);

        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        await Assert.ThrowsAsync<IOException>(async () => await store.InsertAsync(GrantOf(2), Cancellation));
        _disk.Fail(null);

        // What failed has taken place in memory, so it is due again; and now it lasts.
        Assert.Equal(GrantRotationStatus.SameSuccessor, (await RotateAsync(store, 1, 0)).Status);
        Grant[] before = [.. (await AllAsync(store, 2)).Select(grant => grant!)];
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Error);
        store.Dispose();
        Assert.All(before.Zip(await AllAsync(OpenJournal(), 2)), pair => AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public async Task A_refresh_that_could_not_be_written_has_not_taken_place_however_long_that_lasts()
    {
        TimeSpan late = Grant.SuccessorWindow + TimeSpan.FromSeconds(1);
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.Fail("write");
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        Time.Advance(late);
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        Time.Advance(late);
        _disk.Fail(null);

        GrantRotation written = await RotateAsync(store, 1, 0);
        GrantRotation again = await RotateAsync(store, 1, 0);
        Time.Advance(late);
        GrantRotation reused = await RotateAsync(store, 1, 0);

        Assert.Equal((GrantRotationStatus.Rotated, 1), (written.Status, written.Grant!.Sequence));
        Assert.Equal(Time.GetUtcNow() - late, written.Grant.RotatedAt);
        Assert.Equal((GrantRotationStatus.SameSuccessor, written.Grant), (again.Status, again.Grant));
        Assert.Equal(GrantRotationStatus.Reused, reused.Status);
    }

    [Theory]
    [InlineData("open Create")]
    [InlineData("replace")]
    [InlineData("flush directory")]
    [InlineData("open Append")]
    public async Task A_replacement_that_fails_half_way_is_begun_again(string failing)
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.Fail("flush");
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        _disk.Fail(failing);
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        _disk.Fail(null);

        Assert.Equal(GrantRotationStatus.SameSuccessor, (await RotateAsync(store, 1, 0)).Status);
        await store.InsertAsync(GrantOf(2), Cancellation);

        store.Dispose();
        Assert.Equal([1, 0], (await AllAsync(OpenJournal(), 2)).Select(grant => grant!.Sequence));
    }

    [Theory]
    [InlineData("open Create")]
    [InlineData("write")]
    [InlineData("replace")]
    public async Task A_start_that_fails_leaves_the_file_and_its_lock_as_they_were(string failing)
    {
        await WriteAsync(OpenJournal(), grants: 2);
        byte[] before = await File.ReadAllBytesAsync(FilePath, Cancellation);
        _disk.Fail(failing);

        Assert.Throws<IOException>(() => OpenJournal());

        _disk.Fail(null);
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath, Cancellation));
        Assert.All(await AllAsync(OpenJournal(), 2), Assert.NotNull);
    }

    [Fact]
    public async Task A_start_leaves_one_line_for_each_grant_that_lives()
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        for (int sequence = 0; sequence < 50; sequence++)
        {
            await RotateAsync(store, 1, sequence);
        }

        store.Dispose();
        Assert.Equal(52, FileInUse.ReadLines(FilePath).Count());
        store = OpenJournal();
        Assert.Equal(2, FileInUse.ReadLines(FilePath).Count());
        store.Dispose();

        Time.Advance(TimeSpan.FromDays(31));
        store = OpenJournal();
        Assert.Single(FileInUse.ReadLines(FilePath));
        Assert.Null(await store.FindAsync(1, Cancellation));
    }

    [Fact]
    public async Task A_file_that_has_grown_to_a_multiple_of_what_it_holds_is_replaced_while_it_is_in_use()
    {
        JournalGrantStore store = OpenJournal(minCompaction: 4096);
        await store.InsertAsync(GrantOf(1), Cancellation);
        long longest = 0;
        for (int sequence = 0; sequence < 200; sequence++)
        {
            await RotateAsync(store, 1, sequence);
            longest = Math.Max(longest, new FileInfo(FilePath).Length);
        }

        Assert.InRange(longest, 4096, 8192);
        store.Dispose();
        Assert.Equal(200, (await OpenJournal().FindAsync(1, Cancellation))!.Sequence);
    }

    [Fact]
    public async Task A_file_is_replaced_by_what_it_holds_and_not_at_each_change()
    {
        JournalGrantStore store = OpenJournal(minCompaction: 1);
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.Clear();
        for (int sequence = 0; sequence < 12; sequence++)
        {
            await RotateAsync(store, 1, sequence);
        }

        Assert.InRange(_disk.Calls.Count(call => call == "replace grants.journal"), 2, 4);
    }

    [Fact]
    public async Task A_use_that_nobody_waits_for_is_written_before_the_store_closes()
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        await RotateAsync(store, 1, 0);

        await store.MarkUsedAsync(1, 1, Cancellation);
        store.Dispose();

        Assert.True((await OpenJournal().FindAsync(1, Cancellation))!.IsUsed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => RotateAsync(store, 1, 1));
    }

    [Fact]
    public async Task What_a_crash_left_of_a_replacement_is_ignored()
    {
        await WriteAsync(OpenJournal(), grants: 2);
        await File.WriteAllTextAsync(FilePath + ".new", "half of a fi", Cancellation);

        Assert.All(await AllAsync(OpenJournal(), 2), Assert.NotNull);
        Assert.False(File.Exists(FilePath + ".new"));
    }

    [Theory]
    [InlineData("open Create", false)]
    [InlineData("replace", false)]
    [InlineData("replace", true)]
    [InlineData("open Append", false)]
    public async Task A_revocation_waits_for_another_program_that_has_the_file_open(string held, bool isDenied)
    {
        JournalGrantStore store = await OpenAndFailAsync();
        _disk.Hold(held, isDenied, times: 7);

        await store.RevokeAsync(1, RevocationReason.Operator, Cancellation);

        Assert.Equal(TimeSpan.FromMilliseconds(1270), _disk.Rested);
        store.Dispose();
        Assert.True((await OpenJournal().FindAsync(1, Cancellation))!.IsRevoked);
    }

    [Theory]
    [InlineData("open Create", false)]
    [InlineData("replace", false)]
    [InlineData("replace", true)]
    [InlineData("open Append", false)]
    public async Task A_revocation_that_another_program_keeps_from_the_disk_is_not_confirmed_and_the_next_change_writes_it(string held, bool isDenied)
    {
        JournalGrantStore store = await OpenAndFailAsync();
        _disk.Hold(held, isDenied, times: 8);

        // The worker may not be through before the revocation waits for it, or that would begin the next attempt.
        using ManualResetEventSlim waiting = new();
        _disk.Resting = () => waiting.Wait(Cancellation);
        Task revocation = store.RevokeAsync(1, RevocationReason.Operator, Cancellation).AsTask();
        waiting.Set();
        IOException told = await Assert.ThrowsAsync<IOException>(() => revocation);

        Assert.Contains("Another program has the file ", told.Message, StringComparison.Ordinal);
        Assert.Equal(isDenied, told.Message.Contains("or this user may not write it", StringComparison.Ordinal));
        await store.InsertAsync(GrantOf(2), Cancellation);
        store.Dispose();
        Assert.True((await OpenJournal().FindAsync(1, Cancellation))!.IsRevoked);
    }

    // The system itself refuses here on Windows, and lets the file be replaced elsewhere.
    [Fact]
    public async Task A_revocation_lasts_although_the_journal_is_read_when_it_is_replaced()
    {
        JournalGrantStore store = await OpenAndFailAsync();
        using FileStream reader = new(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        _disk.Resting = reader.Dispose;

        await store.RevokeAsync(1, RevocationReason.Operator, Cancellation);

        Assert.Equal(OperatingSystem.IsWindows(), _disk.Rested > TimeSpan.Zero);
        store.Dispose();
        Assert.True((await OpenJournal().FindAsync(1, Cancellation))!.IsRevoked);
    }

    [Fact]
    public void Only_the_owner_may_read_the_files()
    {
        OpenJournal();
        if (OperatingSystem.IsWindows())
        {
            Assert.True(File.Exists(FilePath));
            return;
        }

        foreach (string path in Directory.GetFiles(_directory))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task A_file_of_many_thousands_of_grants_is_read_in_pieces()
    {
        JournalGrantStore store = OpenJournal(capacity: 1 << 16);
        Task<GrantInsertion>[] insertions = [.. Enumerable.Range(1, 5000).Select(i => store.InsertAsync(GrantOf((UInt128)i, client: $"client {i}"), Cancellation).AsTask())];
        await Task.WhenAll(insertions);
        store.Dispose();

        using (JournalGrantStore read = OpenJournal(capacity: 16))
        {
            Assert.All(await AllAsync(read, 5000), Assert.NotNull);
        }

        // In pieces it was written, too.
        Assert.All(await AllAsync(OpenJournal(capacity: 16), 5000), Assert.NotNull);
    }

    protected override IGrantStore Open(int capacity = 1024) => OpenJournal(capacity);

    private JournalGrantStore OpenJournal(int capacity = 1024, long minCompaction = JournalFile.MinCompaction)
    {
        JournalGrantStore store = JournalGrantStore.Open(FilePath, capacity, Time, _log.CreateLogger("journal"), _disk, minCompaction);
        _open.Add(store);
        return store;
    }

    // The next change replaces the file.
    private async Task<JournalGrantStore> OpenAndFailAsync()
    {
        JournalGrantStore store = OpenJournal();
        await store.InsertAsync(GrantOf(1), Cancellation);
        _disk.Fail("flush");
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(store, 1, 0));
        _disk.Fail(null);
        return store;
    }

    private async Task WriteAsync(JournalGrantStore store, int grants)
    {
        for (int id = 1; id <= grants; id++)
        {
            await store.InsertAsync(GrantOf((UInt128)id), Cancellation);
        }

        store.Dispose();
    }

    private Task ChangeAsync(JournalGrantStore store, string change) => change switch
    {
        "insert" => store.InsertAsync(GrantOf(2), Cancellation).AsTask(),
        "rotate" or "repeat" => RotateAsync(store, 1, 0),
        "reuse" => RotateAsync(store, 1, 7),
        "revoke" => store.RevokeAsync(1, RevocationReason.Holder, Cancellation).AsTask(),
        "revoke all" => store.RevokeAllAsync(GrantOwner.Client, Client, RevocationReason.Operator, Cancellation).AsTask(),
        "bind" => store.BindSharingKeyAsync("shk_1", "application app_1", Cancellation).AsTask(),
        _ => store.AddMasterKeyAsync(KeyOf(1, 1), Cancellation).AsTask(),
    };

    private static async Task<IReadOnlyList<Grant?>> AllAsync(JournalGrantStore store, int count)
    {
        List<Grant?> grants = [];
        for (int id = 1; id <= count; id++)
        {
            grants.Add(await store.FindAsync((UInt128)id, Cancellation));
        }

        return grants;
    }

    private static string Checked(string rows)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in Encoding.UTF8.GetBytes(rows))
        {
            checksum = System.Numerics.BitOperations.Crc32C(checksum, value);
        }

        return $"{~checksum:x8} {rows}";
    }
}
