using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>A database that answers late, or hears late of what it was asked.</summary>
public sealed class SlowDatabaseTests(SharedServer server) : ClaimTestBase(server)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Who_gets_no_answer_in_time_is_refused_and_so_is_everybody_behind_them()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        RecordedLog<PostgreSqlReplayStore> log = new();
        PostgreSqlReplayStore node = await ThroughAsync(source, log);

        relay.Fault = RelayFault.HoldsAnswers;
        // The clock of timers: by one that counts finer they ring a little early.
        long began = Environment.TickCount64;
        Task<ReplayClaim>[] claims = [.. Enumerable.Range(100, 50).Select(number => ClaimAsync(node, (UInt128)number))];
        await relay.WaitForHeldAsync(2);
        Assert.All(await Task.WhenAll(claims), claim => Assert.Equal(ReplayClaim.Unavailable, claim));

        // Twice the timeout by what is documented, and some more on a busy machine; a statement may take five seconds.
        Assert.InRange(TimeSpan.FromMilliseconds(Environment.TickCount64 - began), Timeout, TimeSpan.FromSeconds(4));
        Task<ReplayClaim> behind = ClaimAsync(node, 200);
        Assert.True(behind.IsCompleted);
        Assert.Equal(ReplayClaim.Unavailable, await behind);
        relay.Fault = RelayFault.None;
        await RecoverAsync(node);

        // Told of once and not with each of 51 claims; where the machine is so busy that the first after it are late, or that what
        // was held ends after the first claim, it is another outage.
        for (int i = 0; i < 10 && Count("Information: Signatures are claimed in PostgreSQL again.") < Count("Error: "); i++)
        {
            await RecoverAsync(node);
        }

        Assert.InRange(Count("Error: "), 1, 3);
        Assert.Equal(Count("Error: "), Count("Information: Signatures are claimed in PostgreSQL again."));

        // The database had done what it could not say.
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(Node(), 100));

        int Count(string start) => log.Lines.Count(line => line.StartsWith(start, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_claim_that_arrives_after_its_caller_was_refused_grants_nothing(bool claimedMeanwhile)
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        PostgreSqlReplayStore node = await ThroughAsync(source, log: null);
        PostgreSqlReplayStore other = Node();

        relay.Fault = RelayFault.HoldsRequests;
        Task<ReplayClaim> late = ClaimAsync(node, 1);
        await relay.WaitForHeldAsync(1);
        Assert.Equal(ReplayClaim.Unavailable, await late);
        Assert.Equal(0L, Count());
        if (claimedMeanwhile)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(other, 1));
        }

        relay.Fault = RelayFault.None;
        while (!claimedMeanwhile && Count() == 0)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        await RecoverAsync(node);
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(node, 1));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(other, 1));
        Assert.Equal(1L, Count());
    }

    // With both writers' connections open and their statements prepared: what is sent from here on are claims.
    private async Task<PostgreSqlReplayStore> ThroughAsync(NpgsqlDataSource source, RecordedLog<PostgreSqlReplayStore>? log)
    {
        PostgreSqlReplayStore node = Tables.Store(Policy, Time, options => options.Claims.Timeout = Timeout, source, log);
        await RecoverAsync(node);
        await using NpgsqlConnection held = await HoldAsync(Second(0));
        Task<ReplayClaim>[] claims = await OccupyAsync(node, Tables.WaitForWaitersAsync, 11, 12);
        await Tables.RunAsync(held, "ROLLBACK");
        await Task.WhenAll(claims);
        return node;
    }

    private async Task RecoverAsync(PostgreSqlReplayStore node)
    {
        while (await ClaimAsync(node, (UInt128)Random.Shared.NextInt64(1000, long.MaxValue)) != ReplayClaim.Claimed)
        {
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private long Count() => (long)Tables.Run("SELECT count(*) FROM signing.claim WHERE fingerprint = '00000000-0000-0000-0000-000000000001'")!;
}
