using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>A network between node and database that cuts connections, or carries nothing for a while.</summary>
public sealed class BrokenConnectionTests(SharedServer server) : ClaimTestBase(server)
{
    private static readonly UInt128[] Batch = [.. Enumerable.Range(100, 30).Select(number => (UInt128)number)];

    [Fact]
    public async Task What_is_cut_off_before_it_reaches_the_database_is_granted_to_nobody_and_may_be_claimed_again()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        PostgreSqlReplayStore node = await ThroughAsync(source);

        relay.Fault = RelayFault.CutsRequests;
        ReplayClaim[] cut = await Task.WhenAll(Batch.Concat(Batch).Select(fingerprint => ClaimAsync(node, fingerprint)));

        Assert.All(cut, claim => Assert.Equal(ReplayClaim.Unavailable, claim));
        Assert.Equal(0L, CountOfBatch());
        relay.Fault = RelayFault.None;
        await RecoverAsync(node);
        PostgreSqlReplayStore other = Node();
        foreach (UInt128 fingerprint in Batch)
        {
            Assert.Single(await Task.WhenAll(ClaimAsync(node, fingerprint), ClaimAsync(other, fingerprint)), ReplayClaim.Claimed);
        }
    }

    [Fact]
    public async Task A_batch_whose_answer_is_cut_off_is_granted_to_nobody()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        PostgreSqlReplayStore node = await ThroughAsync(source);

        // Both writers are under way; what comes now is the next batch of each, every signature with a copy behind it.
        relay.Fault = RelayFault.HoldsAnswers;
        Task<ReplayClaim>[] before = await OccupyAsync(node, _ => relay.WaitForHeldAsync(1), 1, 2);
        Task<ReplayClaim>[] cut = [.. Batch.Concat(Batch).Select(fingerprint => ClaimAsync(node, fingerprint))];

        // What was held goes on, and what is answered next is held in its place: a writer that finds the other's connection cut would not begin.
        relay.Fault = RelayFault.HoldsAnswers;
        Assert.All(await Task.WhenAll(before), claim => Assert.Equal(ReplayClaim.Claimed, claim));
        await relay.WaitForHeldAsync(2);
        relay.CutAll();

        Assert.All(await Task.WhenAll(cut), claim => Assert.Equal(ReplayClaim.Unavailable, claim));
        Assert.Equal((long)Batch.Length, CountOfBatch());
        relay.Fault = RelayFault.None;
        await RecoverAsync(node);
        foreach (PostgreSqlReplayStore any in new[] { node, Node() })
        {
            Assert.All(await Task.WhenAll(Batch.Select(fingerprint => ClaimAsync(any, fingerprint))), claim => Assert.Equal(ReplayClaim.AlreadyClaimed, claim));
        }
    }

    [Fact]
    public async Task Of_connections_that_were_cut_together_one_claim_finds_out()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        PostgreSqlReplayStore node = await ThroughAsync(source);

        relay.CutAll();

        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(node, 20));
        await using NpgsqlConnection held = await HoldAsync(Second(0));
        Task<ReplayClaim>[] claims = await OccupyAsync(node, Tables.WaitForWaitersAsync, 21, 22);
        await Tables.RunAsync(held, "ROLLBACK");
        Assert.All(await Task.WhenAll(claims), claim => Assert.Equal(ReplayClaim.Claimed, claim));
    }

    [Fact]
    public async Task Under_load_with_connections_cut_again_and_again_nothing_is_granted_twice()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        VerificationPolicy policy = new();
        using ClaimTables tables = await ClaimTables.MakeAsync(Server);
        tables.BeginWithoutFloor(ClaimWindow.Of([policy]), TimeProvider.System.GetUtcNow());
        var load = new ClaimLoad([tables.Store(policy, through: source), tables.Store(policy, through: source)], callersOfEach: 8);

        for (int i = 0; i < 30; i++)
        {
            await load.WaitForGrantsAsync(40);
            relay.CutAll();
        }

        await load.WaitForGrantsAsync(40);
        ISet<ReplayClaim> replayed = await load.StopAsync();
        Assert.Empty(load.GrantedTwice);
        Assert.Equal([ReplayClaim.AlreadyClaimed], replayed);
        Assert.Equal(new HashSet<ReplayClaim> { ReplayClaim.Claimed, ReplayClaim.Unavailable }, load.First.Keys.ToHashSet());
    }

    // With both writers' connections open and their statements prepared: what is sent from here on are claims.
    private async Task<PostgreSqlReplayStore> ThroughAsync(NpgsqlDataSource source)
    {
        PostgreSqlReplayStore node = Tables.Store(Policy, Time, through: source);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 10));
        await using NpgsqlConnection held = await HoldAsync(Second(0));
        Task<ReplayClaim>[] claims = await OccupyAsync(node, Tables.WaitForWaitersAsync, 11, 12);
        await Tables.RunAsync(held, "ROLLBACK");
        Assert.All(await Task.WhenAll(claims), claim => Assert.Equal(ReplayClaim.Claimed, claim));
        return node;
    }

    // A connection of the pool that was cut is found out when it is used.
    private async Task RecoverAsync(PostgreSqlReplayStore node)
    {
        UInt128 fingerprint = 1000;
        ReplayClaim claim;
        while ((claim = await ClaimAsync(node, fingerprint++)) != ReplayClaim.Claimed)
        {
            Assert.Equal(ReplayClaim.Unavailable, claim);
        }
    }

    private long CountOfBatch() =>
        (long)Tables.Run("SELECT count(*) FROM signing.claim WHERE fingerprint BETWEEN '00000000-0000-0000-0000-000000000064' AND '00000000-0000-0000-0000-0000000000ff'")!;
}
