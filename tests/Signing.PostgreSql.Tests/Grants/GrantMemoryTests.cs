using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

public sealed class GrantMemoryTests(SharedServer server) : ManyNodes(server)
{
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
    public async Task A_change_of_everything_leaves_nothing_in_memory()
    {
        GrantNode node = Nodes(1)[0];
        await node.Store.InsertAsync(GrantOf(1), Cancellation);
        await FindAllAsync(node.Store);
        Assert.Equal([true, true, true], Known(node.Store));

        node.Feed.Apply(1, [new ChangeNote(ChangeKind.Everything)]);

        Assert.Equal([false, false, false], Known(node.Store));
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

    private static async Task FindAllAsync(PostgreSqlGrantStore store)
    {
        for (UInt128 id = 1; id <= 3; id++)
        {
            await store.FindAsync(id, Cancellation);
        }
    }

    private static bool[] Known(PostgreSqlGrantStore store) => [store.TryGetCached(1, out _), store.TryGetCached(2, out _), store.TryGetCached(3, out _)];
}
