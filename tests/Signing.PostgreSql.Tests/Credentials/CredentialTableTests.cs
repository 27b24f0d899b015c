using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>What the tables refuse by themselves, whoever writes.</summary>
public sealed class CredentialTableTests(SharedServer server) : CredentialNodes(server)
{
    [Theory]
    [InlineData("UPDATE signing.audit SET actor = 'nobody'")]
    [InlineData("DELETE FROM signing.audit")]
    [InlineData("DELETE FROM signing.audit WHERE false")]
    [InlineData("TRUNCATE signing.audit")]
    public async Task The_audit_is_only_ever_appended_to(string statement)
    {
        AuditEvent entry = new() { At = Now, Actor = "ann", Action = "credential.revealed", Target = "crd_1", WorkspaceId = "ws_1", Outcome = "changed" };
        await Node.Store.CommitAsync(new StoreChange([], [entry]), Cancellation);

        Assert.Contains("append", (await RefusalAsync(statement)).MessageText);

        Assert.Equal(entry with { Number = 1 }, Assert.Single((await Node.Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows));
    }

    [Theory]
    [InlineData("UPDATE signing.credential SET key = 'acme_key_live_1'")]
    [InlineData("UPDATE signing.credential SET name_key = 'ORDERS'")]
    [InlineData("UPDATE signing.credential_secret SET hash = sha256('one')")]
    [InlineData("UPDATE signing.credential SET application_id = 'app_9'")]
    [InlineData("UPDATE signing.credential SET parent_id = 'crd_9'")]
    [InlineData("DELETE FROM signing.workspace")]
    [InlineData("DELETE FROM signing.application")]
    [InlineData("UPDATE signing.credential SET key = repeat('k', 257) WHERE id = 'crd_1'")]
    public async Task What_must_be_unique_or_exist_is_so_for_whoever_writes(string statement)
    {
        await CreateAsync();

        Assert.StartsWith("23", (await RefusalAsync(statement)).SqlState);
    }

    [Fact]
    public async Task Numbers_of_events_follow_one_another_even_if_changes_are_refused_between_them()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        AuditEvent entry = new() { At = Now, Actor = "ann", Action = "credential.edited", Target = "crd_1", WorkspaceId = "ws_1", Outcome = "changed" };
        ChangeStatus[] statuses = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(
            async () => await Node.Store.CommitAsync(i % 2 == 0 ? new StoreChange([], [entry, entry]) : new StoreChange([new RowEdit(pair, pair with { Name = $"{i}", Version = 2 })], [entry]), Cancellation),
            Cancellation)));

        Assert.Equal(13, statuses.Count(status => status == ChangeStatus.Changed));
        Assert.Equal(Enumerable.Range(1, 25).Select(number => (long)number).Reverse(), (await Node.Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows.Select(row => row.Number));
    }

    [Fact]
    public async Task A_change_is_judged_by_what_the_change_before_it_leaves()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        CredentialRecord wide = pair with { Scopes = ["read", "write"], Version = 2 };
        await CommitAsync(new RowEdit(pair, wide));
        CredentialRecord token = SampleRows.ApiToken with { Id = "crd_3", Name = "3", ParentId = pair.Id, Scopes = ["write"], Secrets = [] };
        await using NpgsqlConnection connection = await Node.Database.OpenAsync(Cancellation);
        await using NpgsqlTransaction transaction = await Database.BeginAsync(connection, Cancellation);
        var before = new CredentialTransaction(new DatabaseSession(Node.Database, connection, transaction));
        Assert.Equal(ChangeStatus.Changed, await before.TryWriteAsync([new RowEdit(wide, wide with { Scopes = ["read"], Version = 3 })], Cancellation));

        // Neither has a row that the other changes.
        Task<ChangeStatus> after = Node.Store.CommitAsync(new StoreChange([new RowEdit(null, token)], []), Cancellation).AsTask();
        await Server.WaitForWaiterAsync(connection.ProcessID, after);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(ChangeStatus.ScopeNotGranted, await after);
    }

    [Fact]
    public async Task Rows_that_were_created_at_one_instant_are_paged_without_one_missing_or_standing_there_twice()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        await CommitAsync([.. Enumerable.Range(3, 20).Select(i => new RowEdit(null, pair with { Id = $"crd_{i}", Key = $"key_{i}", Name = $"{i}", Secrets = [] }))]);
        List<string> listed = [];
        for (RowPage<CredentialRecord>? page = null; page is null || page.Next is not null;)
        {
            page = await Node.Store.ListAsync<CredentialRecord>(new RowQuery { Limit = 7, After = page?.Next }, Cancellation);
            listed.AddRange(page.Rows.Select(row => row.Id));
        }

        Assert.Equal(Enumerable.Range(1, 22).Select(i => $"crd_{i}").OrderDescending(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task Uses_and_edits_at_once_lose_neither_and_wait_in_no_ring()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        CredentialRecord[] rows = [.. Enumerable.Range(3, 20).Select(i => pair with { Id = $"crd_{i}", Key = $"key_{i}", Name = $"{i}", Secrets = [SecretOf($"crd_{i}", 1, "a secret that is long enough")] })];
        await CommitAsync([.. rows.Select(row => new RowEdit(null, row))]);
        Task uses = Task.WhenAll(Enumerable.Range(1, 4).Select(node => Task.Run(
            async () =>
            {
                for (int minute = 1; minute <= 10; minute++)
                {
                    IEnumerable<CredentialRecord> order = node % 2 == 0 ? rows : rows.Reverse();
                    await NewNode().Store.MarkUsedAsync([.. order.Select(row => new SecretUse(row.Id, 1, new LastUse(Now.AddMinutes(minute), $"192.0.2.{node}")))], Cancellation);
                }
            },
            Cancellation)));

        CredentialRecord[] edited = rows;
        for (int i = 2; i <= 11; i++)
        {
            CredentialRecord[] next = [.. edited.Select(row => row with { ClientSecretAllowed = i % 2 == 0, Version = i })];
            await CommitAsync([.. edited.Zip(next, (earlier, later) => new RowEdit(earlier, later)).Reverse()]);
            edited = next;
        }

        await uses;
        foreach (CredentialRecord row in rows)
        {
            CredentialRecord stored = (await Node.Store.GetAsync<CredentialRecord>(row.Id, Cancellation))!;
            Assert.Equal((11L, Now.AddMinutes(10), Now.AddMinutes(10)), (stored.Version, stored.LastUsed!.Value.At, stored.Secrets[0].LastUsed!.Value.At));
        }
    }

    [Fact]
    public async Task Each_Secret_has_uses_of_its_own_and_the_credential_has_the_latest_of_them()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        await CommitAsync(new RowEdit(pair, pair with { Secrets = [pair.Secrets[0], SecretOf(pair.Id, 2, "the second secret, long enough")], Version = 2 }));

        await UseAsync((1, 0));
        await UseAsync((2, 10));
        await UseAsync((2, 20), (1, 60));
        Assert.Equal((60, 60, 10), await UsedAsync());

        await UseAsync((1, 200), (2, 210));
        Assert.Equal((210, 200, 210), await UsedAsync());
        await UseAsync((2, 410), (1, 400));
        Assert.Equal((410, 400, 410), await UsedAsync());

        // Whichever row was written last.
        await UseAsync((1, 600));
        Assert.Equal((600, 600, 410), await UsedAsync());
        Assert.Null((await Node.Store.GetAsync<CredentialRecord>("crd_2", Cancellation))!.LastUsed);

        async Task UseAsync(params (int Version, int Second)[] uses) =>
            await Node.Store.MarkUsedAsync([.. uses.Select(use => new SecretUse(pair.Id, use.Version, new LastUse(Now.AddSeconds(use.Second), null)))], Cancellation);

        async Task<(double Credential, double First, double Second)> UsedAsync()
        {
            CredentialRecord stored = (await Node.Store.GetAsync<CredentialRecord>(pair.Id, Cancellation))!;
            return (SecondOf(stored.LastUsed), SecondOf(stored.Secrets[0].LastUsed), SecondOf(stored.Secrets[1].LastUsed));
        }

        static double SecondOf(LastUse? use) => (use!.Value.At - Now).TotalSeconds;
    }

    [Theory]
    [InlineData("credential")]
    [InlineData("sharing_key")]
    public async Task A_use_that_is_being_noted_while_its_row_is_edited_is_kept(string table)
    {
        (CredentialRecord pair, _) = await CreateAsync();
        SharingKeyRecord shared = SampleRows.SharingKey;
        await CommitAsync(new RowEdit(null, shared));
        await using NpgsqlConnection connection = await Node.Database.OpenAsync(Cancellation);
        await using NpgsqlTransaction noting = await Database.BeginAsync(connection, Cancellation);
        await using NpgsqlCommand note = new($"UPDATE {Schema}.{table} SET last_used_at = created_at WHERE id IN ('crd_1', 'shk_1')", connection);
        Assert.Equal(1, await note.ExecuteNonQueryAsync(Cancellation));

        RowEdit edit = table == "credential" ? new RowEdit(pair, pair with { Name = "Edited", Version = 2 }) : new RowEdit(shared, shared with { Name = "Edited", Version = 2 });
        Task<ChangeStatus> editing = Node.Store.CommitAsync(new StoreChange([edit], []), Cancellation).AsTask();
        await Server.WaitForWaiterAsync(connection.ProcessID, editing);
        await noting.CommitAsync(Cancellation);

        Assert.Equal(ChangeStatus.Changed, await editing);
        Assert.Equal(1L, await AskAsync<long>($"SELECT count(*) FROM signing.{table} WHERE name = 'Edited' AND last_used_at IS NOT NULL"));
    }
}
