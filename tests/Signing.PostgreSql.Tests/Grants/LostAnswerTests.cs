using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

/// <summary>Refreshes by a node that is gone before it has answered: the client asks another one.</summary>
public sealed class LostAnswerTests(SharedServer server) : ManyNodes(server)
{
    [Fact]
    public async Task A_node_that_dies_between_the_commit_and_the_answer_leaves_the_same_successor_to_the_others()
    {
        TokenDesk[] desks = await DesksAsync(Nodes(3));
        IssuedTokens tokens = await desks[0].LogInAsync();
        IssuedTokens unheard = await desks[0].RefreshAsync(tokens);
        desks[0].Dispose();

        IssuedTokens second = await desks[1].RefreshAsync(tokens);
        IssuedTokens third = await desks[2].RefreshAsync(tokens);

        Assert.All([second, third], answer => Assert.Equal((unheard.AccessToken, unheard.RefreshToken), (answer.AccessToken, answer.RefreshToken)));
        Assert.True((await desks[2].VerifyAsync(second.AccessToken!)).IsValid);
        Assert.Equal(2, (await desks[1].RefreshAsync(second)).Grant!.Sequence);
        Assert.Equal(TokenStatus.RefreshReused, (await desks[2].RefreshAsync(tokens)).Verdict.Status);
        desks[1].Dispose();
        desks[2].Dispose();
    }

    [Fact]
    public async Task A_node_that_dies_before_the_commit_leaves_the_refresh_token_as_good_as_it_was()
    {
        TokenDesk[] desks = await DesksAsync(Nodes(2));
        IssuedTokens tokens = await desks[0].LogInAsync();

        // The row is held, so that the first node waits for it in the middle of its transaction.
        await using NpgsqlConnection holder = await Server.Source.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction held = await holder.BeginTransactionAsync(Cancellation);
        await RunAsync($"SELECT FROM {Schema}.token_grant FOR UPDATE", holder);
        Task<IssuedTokens> dying = desks[0].RefreshAsync(tokens);
        await using NpgsqlConnection killer = await Server.Source.OpenConnectionAsync(Cancellation);
        while (await RunAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND wait_event_type = 'Lock' AND query LIKE '%{Schema}.token_grant%'", killer) is not true)
        {
            Assert.False(dying.IsCompleted);
        }

        Assert.Equal(TokenStatus.GrantStoreUnavailable, (await dying).Verdict.Status);
        await held.CommitAsync(Cancellation);

        IssuedTokens refreshed = await desks[1].RefreshAsync(tokens);
        Assert.Equal((TokenStatus.Valid, 1), (refreshed.Verdict.Status, refreshed.Grant!.Sequence));
        Assert.Equal(refreshed.RefreshToken, (await desks[0].RefreshAsync(tokens)).RefreshToken);
        desks[0].Dispose();
        desks[1].Dispose();
    }

    private static async Task<object?> RunAsync(string statement, NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new(statement, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
