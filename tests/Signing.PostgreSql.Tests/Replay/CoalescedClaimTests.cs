using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Claims of one node that wait at the same time, and so travel together.</summary>
public sealed class CoalescedClaimTests(SharedServer server) : ClaimTestBase(server)
{
    [Fact]
    public async Task Of_equal_claims_in_one_batch_one_is_granted()
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 10));
        await using NpgsqlConnection held = await HoldAsync(Second(0));

        // Both writers wait, so the others become one batch.
        Task<ReplayClaim>[] before = await OccupyAsync(node, Tables.WaitForWaitersAsync, 11, 12);
        Task<ReplayClaim>[] equal = [ClaimAsync(node, 1), ClaimAsync(node, 1), ClaimAsync(node, 1)];
        Task<ReplayClaim> another = ClaimAsync(node, 2);
        Task<ReplayClaim> copy = ClaimAsync(node, 11);
        await Tables.RunAsync(held, "ROLLBACK");

        Assert.All(await Task.WhenAll(before), claim => Assert.Equal(ReplayClaim.Claimed, claim));
        ReplayClaim[] claims = await Task.WhenAll(equal);
        Assert.Single(claims, ReplayClaim.Claimed);
        Assert.Equal(2, claims.Count(claim => claim == ReplayClaim.AlreadyClaimed));
        Assert.Equal(ReplayClaim.Claimed, await another);
        Assert.Equal(ReplayClaim.AlreadyClaimed, await copy);
    }

    [Fact]
    public async Task A_caller_who_leaves_a_batch_takes_nobody_along_and_grants_to_who_stays()
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 10));
        await using NpgsqlConnection held = await HoldAsync(Second(0));
        using CancellationTokenSource leaves = new();

        Task<ReplayClaim>[] before = await OccupyAsync(node, Tables.WaitForWaitersAsync, 11, 12);
        Task<ReplayClaim> gone = node.TryClaimAsync(1, "key", Second(0), leaves.Token).AsTask();
        Task<ReplayClaim> stays = ClaimAsync(node, 1);
        Task<ReplayClaim> alone = node.TryClaimAsync(2, "key", Second(0), leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Tables.RunAsync(held, "ROLLBACK");

        Assert.All(await Task.WhenAll(before), claim => Assert.Equal(ReplayClaim.Claimed, claim));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        Assert.Equal(ReplayClaim.Claimed, await stays);

        // Nobody waited for it any more, so it was not sent.
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 2));
    }

    [Fact]
    public async Task A_node_keeps_its_connection_while_it_claims_and_gives_it_back_when_it_has_been_idle_or_ends()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { MaxPoolSize = 1, Timeout = 2 });
        PostgreSqlReplayStore node = Tables.Store(Policy, Time, through: source);

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
        await Assert.ThrowsAsync<NpgsqlException>(() => TakeAsync(source));
        Time.Advance(TimeSpan.FromSeconds(20));
        await TakeAsync(source);

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 2));
        await Assert.ThrowsAsync<NpgsqlException>(() => TakeAsync(source));
        node.Dispose();
        await TakeAsync(source);
    }

    private static async Task TakeAsync(NpgsqlDataSource source)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(Cancellation);
    }
}
