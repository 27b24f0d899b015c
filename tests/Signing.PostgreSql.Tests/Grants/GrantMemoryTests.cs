using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

public sealed class GrantMemoryTests(SharedServer server) : ManyNodes(server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_revoked_grant_is_gone_from_the_memory_of_the_node_that_revokes_it_and_of_every_node_that_hears_of_it()
    {
        GrantNode[] nodes = Nodes(2);
        await nodes[0].Store.InsertAsync(GrantOf(1), Cancellation);
        await nodes[0].Store.InsertAsync(GrantOf(2), Cancellation);
        await nodes[0].Store.InsertAsync(GrantOf(3, client: "another"), Cancellation);
        foreach (GrantNode node in nodes)
        {
            await FindAllAsync(node.Store);
        }

        await nodes[0].Store.RevokeAsync(1, RevocationReason.Operator, Cancellation);
        await nodes[0].Store.RevokeAllAsync(GrantOwner.Workspace, "ws_key_1", RevocationReason.Operator, Cancellation);

        Assert.Equal([false, false, true], Known(nodes[0].Store));
        Assert.Equal([true, true, true], Known(nodes[1].Store));
        await HearAsync(nodes[1]);
        Assert.Equal([false, false, true], Known(nodes[1].Store));
    }

    [Fact]
    public async Task A_node_that_does_not_hear_answers_nothing_from_memory()
    {
        GrantNode node = Nodes(1)[0];
        await node.Store.InsertAsync(GrantOf(1), Cancellation);
        await node.Store.FindAsync(1, Cancellation);
        Assert.True(node.Store.TryGetCached(1, out _));

        node.IsFresh = false;

        Assert.False(node.Store.TryGetCached(1, out _));
        Assert.NotNull(await node.Store.FindAsync(1, Cancellation));
    }

    [Fact]
    public async Task Scopes_that_a_refresh_took_away_are_gone_from_the_memory_of_every_node()
    {
        GrantNode[] nodes = Nodes(2);
        await nodes[0].Store.InsertAsync(GrantOf(1), Cancellation);
        await nodes[1].Store.FindAsync(1, Cancellation);

        await nodes[0].Store.TryRotateAsync(1, 0, Terms with { Scopes = [] }, Cancellation);
        await HearAsync(nodes[1]);

        Assert.False(nodes[1].Store.TryGetCached(1, out _));
    }

    [Fact]
    public async Task Logins_refreshes_and_uses_tell_nobody_and_wait_for_no_revocation_that_waits_for_another_change()
    {
        PostgreSqlGrantStore store = Nodes(1)[0].Store;
        await store.InsertAsync(GrantOf(1), Cancellation);
        await using Npgsql.NpgsqlConnection writer = await Server.Source.OpenConnectionAsync(Cancellation);
        await using Npgsql.NpgsqlTransaction writing = await writer.BeginTransactionAsync(Cancellation);
        Assert.Equal(0L, await HeadAsync(writer, "FOR UPDATE"));

        // It has no row yet: the lock of all changes comes first.
        Task<bool> revoking = store.RevokeAsync(1, RevocationReason.Operator, Cancellation).AsTask();
        await Server.WaitForWaiterAsync(writer.ProcessID, revoking);
        await store.InsertAsync(GrantOf(2), Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        await store.TryRotateAsync(1, 0, Terms, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        await store.MarkUsedAsync(1, 1, Cancellation).AsTask().WaitAsync(Patience, Cancellation);

        await writing.RollbackAsync(Cancellation);
        Assert.True(await revoking);
        Assert.Equal(1L, await HeadAsync(writer));
    }

    [Fact]
    public async Task What_revokes_nothing_tells_nobody()
    {
        PostgreSqlGrantStore store = Nodes(1)[0].Store;

        Assert.False(await store.RevokeAsync(1, RevocationReason.Operator, Cancellation));
        Assert.Equal(0, await store.RevokeAllAsync(GrantOwner.Client, "key_1", RevocationReason.Operator, Cancellation));

        await using Npgsql.NpgsqlConnection connection = await Server.Source.OpenConnectionAsync(Cancellation);
        Assert.Equal(0L, await HeadAsync(connection));
    }

    [Fact]
    public async Task A_change_of_everything_leaves_nothing_in_memory()
    {
        GrantNode node = Nodes(1)[0];
        await node.Store.InsertAsync(GrantOf(1), Cancellation);
        await FindAllAsync(node.Store);
        Assert.Equal([true, true, true], Known(node.Store));

        node.Feed.Apply(1, [new ChangeNote(ChangeKind.Everything)]);

        Assert.Equal([false, false, false], Known(node.Store));
    }

    [Theory]
    [InlineData((int)ChangeKind.Grant, "what a later version writes")]
    [InlineData((int)ChangeKind.GrantsOfOwner, "99 ws_1")]
    [InlineData((int)ChangeKind.GrantsOfOwner, "nobody")]
    public async Task A_revocation_that_this_version_cannot_read_leaves_no_grant_in_memory(int kind, string subject)
    {
        GrantNode node = Nodes(1)[0];
        await node.Store.InsertAsync(GrantOf(1), Cancellation);
        await FindAllAsync(node.Store);

        node.Feed.Apply(1, [new ChangeNote((ChangeKind)kind, subject)]);

        Assert.Equal([false, false, false], Known(node.Store));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_a_sharing_key_is_asked_again_where_the_database_may_be_another_one(bool isFresh)
    {
        GrantNode node = Nodes(1)[0];
        Assert.Equal("application app_1", await node.Store.BindSharingKeyAsync("shk_1", "application app_1", Cancellation));
        await using (Npgsql.NpgsqlCommand command = Server.Source.CreateCommand($"DELETE FROM {Schema}.sharing_key_binding"))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.Equal("application app_1", await node.Store.BindSharingKeyAsync("shk_1", "application app_2", Cancellation));
        node.IsFresh = isFresh;
        if (isFresh)
        {
            node.Feed.ForgetAll(1);
        }

        Assert.Equal("application app_2", await node.Store.BindSharingKeyAsync("shk_1", "application app_2", Cancellation));
    }

    [Fact]
    public async Task Every_grant_of_a_client_is_revoked_although_there_are_more_than_one_statement_takes()
    {
        GrantNode node = Nodes(1)[0];
        await node.Store.InsertAsync(GrantOf(1), Cancellation);
        await using Npgsql.NpgsqlCommand command = Server.Source.CreateCommand(
            $"""
            INSERT INTO {Schema}.token_grant
            SELECT gen_random_uuid(), client_key, credential_id, application_id, acting_workspace_id, workspace_id, sharing_key_id, scopes, sequence, key_version, issued, rotated_at,
                access_expires, refresh_expires, is_used, revoked_at, revoked_for, forget_at, part FROM {Schema}.token_grant, generate_series(1, 5000)
            """);
        await command.ExecuteNonQueryAsync(Cancellation);

        Assert.Equal(5001, await node.Store.RevokeAllAsync(GrantOwner.Client, "key_1", RevocationReason.Operator, Cancellation));

        command.CommandText = $"SELECT count(*) FROM {Schema}.token_grant WHERE revoked_at IS NULL";
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Text_that_no_row_can_have_revokes_nothing()
    {
        GrantNode node = Nodes(1)[0];
        await node.Store.InsertAsync(GrantOf(1), Cancellation);

        Assert.Equal(0, await node.Store.RevokeAllAsync(GrantOwner.Client, "key_1\0", RevocationReason.Operator, Cancellation));
        Assert.Equal(0, await node.Store.RevokeAllAsync(GrantOwner.Client, "key_1\ud800", RevocationReason.Operator, Cancellation));
        Assert.Equal(1, await node.Store.RevokeAllAsync(GrantOwner.Client, "key_1", RevocationReason.Operator, Cancellation));
    }

    [Fact]
    public async Task Tokens_that_one_node_has_refreshed_are_used_at_another_and_their_predecessor_then_revokes_the_grant_at_a_third()
    {
        GrantNode[] nodes = Nodes(3);
        TokenDesk[] desks = await DesksAsync(nodes);
        IssuedTokens tokens = await desks[0].LogInAsync();
        foreach (TokenDesk desk in desks)
        {
            Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        }

        IssuedTokens refreshed = await desks[1].RefreshAsync(tokens);
        Assert.Equal(refreshed.RefreshToken, (await desks[2].RefreshAsync(tokens)).RefreshToken);
        Assert.True((await desks[0].VerifyAsync(refreshed.AccessToken!)).IsValid);

        Assert.Equal(TokenStatus.RefreshReused, (await desks[2].RefreshAsync(tokens)).Verdict.Status);
        await HearAsync(nodes[0]);
        Assert.Equal(TokenStatus.RefreshReused, (await desks[0].VerifyAsync(refreshed.AccessToken!)).Status);
        foreach (TokenDesk desk in desks)
        {
            desk.Dispose();
        }
    }

    [Fact]
    public async Task A_token_whose_use_a_node_knows_is_judged_from_memory()
    {
        GrantNode[] nodes = Nodes(2);
        TokenDesk[] desks = await DesksAsync(nodes);
        IssuedTokens refreshed = await desks[0].RefreshAsync(await desks[0].LogInAsync());
        foreach (TokenDesk desk in desks)
        {
            Assert.True((await desk.VerifyAsync(refreshed.AccessToken!)).IsValid);
        }

        foreach (TokenDesk desk in desks)
        {
            ValueTask<TokenVerdict> verdict = desk.Verifier.VerifyAccessAsync(refreshed.AccessToken!, Cancellation);

            Assert.True(verdict.IsCompletedSuccessfully);
            Assert.True((await verdict).IsValid);
            desk.Dispose();
        }
    }

    private async Task<object?> HeadAsync(Npgsql.NpgsqlConnection connection, string locking = "")
    {
        await using Npgsql.NpgsqlCommand command = new($"SELECT number FROM {Schema}.change_head {locking}", connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task FindAllAsync(PostgreSqlGrantStore store)
    {
        for (UInt128 id = 1; id <= 3; id++)
        {
            await store.FindAsync(id, Cancellation);
        }
    }

    private static bool[] Known(PostgreSqlGrantStore store) => [store.TryGetCached(1, out _), store.TryGetCached(2, out _), store.TryGetCached(3, out _)];
}
