using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

public sealed class GrantImportTests(SharedServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("signing-import-").FullName;
    private readonly string _schema = SharedServer.NewSchema();

    // The import leaves what has ended by the clock of the machine.
    private readonly TokenDeskSettings _settings = new()
    {
        Time = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).AddMilliseconds(400)),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder, "grants.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tokens_of_a_journal_are_good_on_every_node_after_the_import()
    {
        IssuedTokens tokens;
        using (JournalGrantStore journal = OpenJournal())
        {
            using TokenDesk host = await DeskAsync(journal);
            tokens = await host.LogInAsync();
            await host.Keys.RotateAsync(Cancellation);
        }

        byte[] before = await File.ReadAllBytesAsync(FilePath, Cancellation);
        Assert.Equal(1, await ImportAsync());
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath, Cancellation));

        using TokenDesk one = await DeskAsync();
        using TokenDesk two = await DeskAsync();
        Assert.True((await one.VerifyAsync(tokens.AccessToken!)).IsValid);
        IssuedTokens refreshed = await one.RefreshAsync(tokens);
        Assert.Equal(2, refreshed.Grant!.KeyVersion);
        Assert.True((await two.VerifyAsync(refreshed.AccessToken!)).IsValid);
        Assert.True((await two.RefreshAsync(refreshed)).Verdict.IsValid);
    }

    [Fact]
    public async Task A_refresh_whose_answer_was_lost_before_the_import_gets_the_same_successor_after_it_until_that_is_used()
    {
        IssuedTokens tokens;
        IssuedTokens lost;
        using (JournalGrantStore journal = OpenJournal())
        {
            using TokenDesk host = await DeskAsync(journal);
            tokens = await host.LogInAsync();
            lost = await host.RefreshAsync(tokens);
        }

        await ImportAsync();

        using TokenDesk one = await DeskAsync();
        using TokenDesk two = await DeskAsync();
        IssuedTokens again = await one.RefreshAsync(tokens);
        Assert.Equal((lost.AccessToken, lost.RefreshToken), (again.AccessToken, again.RefreshToken));
        Assert.True((await two.VerifyAsync(again.AccessToken!)).IsValid);
        Assert.Equal(TokenStatus.RefreshReused, (await one.RefreshAsync(tokens)).Verdict.Status);
        Assert.Equal(TokenStatus.RefreshReused, (await one.VerifyAsync(lost.AccessToken!)).Status);
    }

    [Fact]
    public async Task What_was_used_twice_or_revoked_before_the_import_is_refused_after_it()
    {
        IssuedTokens used;
        IssuedTokens reused;
        IssuedTokens revoked;
        using (JournalGrantStore journal = OpenJournal())
        {
            using TokenDesk host = await DeskAsync(journal);
            used = await host.LogInAsync();
            Assert.True((await host.VerifyAsync((await host.RefreshAsync(used)).AccessToken!)).IsValid);
            reused = await host.LogInAsync();
            await host.RefreshAsync(await host.RefreshAsync(reused));
            Assert.Equal(TokenStatus.RefreshReused, (await host.RefreshAsync(reused)).Verdict.Status);
            revoked = await host.LogInAsync();
            Assert.True(await journal.RevokeAsync(revoked.Grant!.Id, RevocationReason.Operator, Cancellation));
        }

        Assert.Equal(3, await ImportAsync());

        using TokenDesk node = await DeskAsync();
        Assert.Equal(TokenStatus.RefreshReused, (await node.RefreshAsync(used)).Verdict.Status);
        Assert.Equal(TokenStatus.RefreshReused, (await node.VerifyAsync(reused.AccessToken!)).Status);
        Assert.Equal(TokenStatus.Revoked, (await node.VerifyAsync(revoked.AccessToken!)).Status);
        Assert.Equal(TokenStatus.Revoked, (await node.RefreshAsync(revoked)).Verdict.Status);
    }

    [Fact]
    public async Task Every_column_is_as_it_was_bindings_are_kept_and_the_grants_count_towards_the_limits()
    {
        using (JournalGrantStore journal = OpenJournal())
        {
            await journal.AddMasterKeyAsync(KeyOf(1), Cancellation);
            await journal.BindSharingKeyAsync("shk_1", "application app_1", Cancellation);
            for (UInt128 id = 1; id <= 20; id++)
            {
                await journal.InsertAsync(GrantOf(id, client: id % 2 == 0 ? "key_1" : "key_2"), Cancellation);
            }
        }

        Assert.Equal(20, await ImportAsync());

        Assert.Equal("2,2,2,2,1,1,1,1,1,1,1,1,1,1,1,1", await PartsAsync());
        PostgreSqlGrantStore store = Node(capacity: 43).Store;
        for (UInt128 id = 1; id <= 20; id++)
        {
            Assert.Equivalent(GrantOf(id, client: id % 2 == 0 ? "key_1" : "key_2"), await store.FindAsync(id, Cancellation), strict: true);
        }

        Assert.Equal("application app_1", await store.BindSharingKeyAsync("shk_1", "application app_2", Cancellation));
        Assert.Equal(GrantInsertion.QuotaExceeded, await store.InsertAsync(GrantOf(100, client: "key_1"), Cancellation));
        Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf(101, client: "key_3"), Cancellation));
    }

    [Fact]
    public async Task A_second_import_is_refused_and_changes_nothing()
    {
        await WriteAsync();
        await ImportAsync();
        string[] before = await TextAsync();

        Assert.Contains("all or nothing", (await Assert.ThrowsAsync<InvalidOperationException>(ImportAsync)).Message);

        Assert.Equal(before, await TextAsync());
    }

    [Fact]
    public async Task An_import_after_a_node_has_started_is_refused_and_its_tokens_stay()
    {
        await WriteAsync();
        await PostgreSqlMigrations.ApplyAsync(server.Source, _schema, Cancellation);
        using TokenDesk node = await DeskAsync();
        IssuedTokens tokens = await node.LogInAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(ImportAsync);

        using TokenDesk other = await DeskAsync();
        Assert.True((await other.VerifyAsync(tokens.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task A_node_that_starts_during_the_import_finds_the_imported_master_key_or_has_it_refused()
    {
        IssuedTokens tokens = await WriteAsync();
        await PostgreSqlMigrations.ApplyAsync(server.Source, _schema, Cancellation);

        Task<Exception?> import = Task.Run(async () => await Record.ExceptionAsync(ImportAsync), Cancellation);
        using TokenDesk node = await DeskAsync();

        Exception? refusal = await import;
        Assert.Equal(refusal is null, (await node.VerifyAsync(tokens.AccessToken!)).IsValid);
        Assert.True(refusal is null or InvalidOperationException);
    }

    [Fact]
    public async Task Of_an_import_that_fails_in_the_middle_nothing_is_there()
    {
        await WriteAsync();
        using (JournalGrantStore journal = OpenJournal())
        {
            await journal.BindSharingKeyAsync("shk_1", "application app_1", Cancellation);
            await journal.InsertAsync(GrantOf(1, client: "no\0text"), Cancellation);
        }

        Assert.Equal(PostgresErrorCodes.CharacterNotInRepertoire, (await Assert.ThrowsAsync<PostgresException>(ImportAsync)).SqlState);

        Assert.Empty(await TextAsync());
        Assert.Empty(await Node().Store.GetMasterKeysAsync(Cancellation));
        Assert.Equal("application app_2", await Node().Store.BindSharingKeyAsync("shk_1", "application app_2", Cancellation));
    }

    [Fact]
    public async Task A_file_that_is_open_damaged_or_of_another_key_ring_or_is_not_there_is_refused()
    {
        await WriteAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => PostgreSqlImport.ImportGrantJournalAsync(server.Source, FilePath + "x", _settings.KeyRing, _schema, Cancellation));
        TokenStartException wrong = await Assert.ThrowsAsync<TokenStartException>(() =>
            PostgreSqlImport.ImportGrantJournalAsync(server.Source, FilePath, new EphemeralDataProtectionProvider(), _schema, Cancellation));
        Assert.Equal(TokenStartFault.WrongKeyRing, wrong.Fault);
        using (OpenJournal())
        {
            Assert.Equal(TokenStartFault.JournalLocked, (await Assert.ThrowsAsync<TokenStartException>(ImportAsync)).Fault);
        }

        string[] lines = await File.ReadAllLinesAsync(FilePath, Cancellation);
        await File.WriteAllTextAsync(FilePath, string.Join('\n', [lines[0], "0" + lines[1], .. lines[2..], ""]), Cancellation);
        Assert.Equal(TokenStartFault.JournalCorrupt, (await Assert.ThrowsAsync<TokenStartException>(ImportAsync)).Fault);
        Assert.Empty(await TextAsync());
    }

    [Fact]
    public async Task Grants_that_have_ended_are_left_and_their_master_keys_need_not_open()
    {
        _settings.Time.SetClock(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using (JournalGrantStore journal = OpenJournal())
        {
            await journal.AddMasterKeyAsync(KeyOf(1), Cancellation);
            await journal.InsertAsync(GrantOf(1, client: "key_1"), Cancellation);
            using TokenDesk host = await DeskAsync(null, new InMemoryGrantStore());
            await host.Keys.RotateAsync(Cancellation);
            await journal.AddMasterKeyAsync((await host.Store.GetMasterKeysAsync(Cancellation))[1], Cancellation);
        }

        Assert.Equal(0, await ImportAsync());

        Assert.Empty(await TextAsync());
        Assert.Equal([1, 2], (await Node().Store.GetMasterKeysAsync(Cancellation)).Select(key => key.Version));
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(2, false, true)]
    public async Task A_master_key_that_makes_tokens_or_has_made_living_ones_must_open_and_any_other_need_not(int versions, bool isNamed, bool isTaken)
    {
        using (JournalGrantStore journal = OpenJournal())
        {
            await journal.AddMasterKeyAsync(new SealedMasterKey { Version = 1, Sealed = [1, 2, 3], Created = _settings.Time.GetUtcNow() }, Cancellation);
            if (versions == 2)
            {
                await journal.AddMasterKeyAsync(KeyOf(2), Cancellation);
            }

            if (isNamed)
            {
                await journal.InsertAsync(GrantOf(1, client: "key_1"), Cancellation);
            }
        }

        if (isTaken)
        {
            await ImportAsync();
        }
        else
        {
            Assert.Equal(TokenStartFault.WrongKeyRing, (await Assert.ThrowsAsync<TokenStartException>(ImportAsync)).Fault);
        }

        Assert.Equal(isTaken ? versions : 0, (await Node().Store.GetMasterKeysAsync(Cancellation)).Count);
    }

    private JournalGrantStore OpenJournal() => JournalGrantStore.Open(FilePath, time: _settings.Time);

    private GrantNode Node(int capacity = 1024) => new(server.Source, _schema, _settings.Time, capacity);

    private Task<TokenDesk> DeskAsync(JournalGrantStore? journal = null, InMemoryGrantStore? memory = null) =>
        TokenDesk.OpenAsync(_settings with { Store = journal ?? memory ?? (IGrantStore)Node().Store });

    private async Task<IssuedTokens> WriteAsync()
    {
        using JournalGrantStore journal = OpenJournal();
        using TokenDesk host = await DeskAsync(journal);
        return await host.LogInAsync();
    }

    private Task<int> ImportAsync() => PostgreSqlImport.ImportGrantJournalAsync(server.Source, FilePath, _settings.KeyRing, _schema, Cancellation);

    private SealedMasterKey KeyOf(int version) => new()
    {
        Version = version,
        Sealed = new MasterKeySeal(_settings.KeyRing).Seal(version, new byte[MasterKeySeal.MasterKeySize]),
        Created = _settings.Time.GetUtcNow(),
    };

    private Grant GrantOf(UInt128 id, string client)
    {
        DateTimeOffset now = _settings.Time.GetUtcNow();
        bool isFirst = id == 1;
        return new Grant
        {
            Id = id,
            ClientKey = client,
            CredentialId = "crd_1",
            ApplicationId = isFirst ? "app_1" : null,
            ActingWorkspaceId = isFirst ? "ws_1" : null,
            WorkspaceId = isFirst ? "ws_2" : null,
            SharingKeyId = isFirst ? "shk_1" : null,
            Scopes = isFirst ? ["orders.read", "orders.write"] : [],
            Sequence = isFirst ? 7 : 0,
            KeyVersion = 1,
            Issued = now,
            RotatedAt = isFirst ? now.AddMinutes(1) : now,
            AccessExpires = GrantTerms.EndOf(now, TimeSpan.FromMinutes(15)),
            RefreshExpires = isFirst ? GrantTerms.EndOf(now, TimeSpan.FromDays(30)) : null,
            IsUsed = isFirst,
            RevokedAt = isFirst ? now.AddMinutes(2) : null,
            RevokedFor = isFirst ? RevocationReason.Holder : RevocationReason.None,
        };
    }

    // All rows of grants, as text.
    private async Task<string[]> TextAsync()
    {
        await using NpgsqlCommand command = server.Source.CreateCommand($"SELECT coalesce(array_agg(g::text ORDER BY id), '{{}}') FROM {_schema}.token_grant AS g");
        return (string[])(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task<string> PartsAsync()
    {
        await using NpgsqlCommand command = server.Source.CreateCommand($"SELECT string_agg(count::text, ',' ORDER BY part) FROM {_schema}.token_grant_part");
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
