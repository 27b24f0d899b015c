using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Statements that arrive long after they were sent, in a memory that is not the one they were sent to.</summary>
public sealed class HeldUpClaimTests(SharedServer server) : ClaimTestBase(server)
{
    [Fact]
    public async Task A_replay_that_is_held_up_while_its_slot_is_emptied_finds_it_empty_and_is_not_granted()
    {
        ReplayClaim replay = await ClaimWhileAsync(1, $"TRUNCATE {SlotOf(Second(0))}; UPDATE signing.claim_memory SET cleared = cleared + 32; COMMIT");

        Assert.Equal(ReplayClaim.BeforeFloor, replay);
        Assert.Equal(1L, Tables.Run("SELECT count(*) FROM signing.claim"));
    }

    [Fact]
    public async Task A_replay_that_is_held_up_while_the_memory_is_lost_is_not_granted()
    {
        ReplayClaim replay = await ClaimWhileAsync(1, $"TRUNCATE {SlotOf(Second(0))}; DELETE FROM signing.claim_memory; COMMIT");

        Assert.Equal(ReplayClaim.BeforeFloor, replay);
    }

    [Fact]
    public async Task A_replay_that_is_held_up_while_another_memory_divides_the_time_otherwise_is_not_granted()
    {
        // It remembers the signature, in the slot in which this memory looks for it.
        ReplayClaim replay = await ClaimWhileAsync(1, $"TRUNCATE {SlotOf(Second(0))}; UPDATE signing.claim_memory SET width = width * 2, cleared = cleared / 2 + 3; COMMIT");

        Assert.Equal(ReplayClaim.Unavailable, replay);
    }

    [Fact]
    public async Task A_claim_whose_time_is_not_open_in_the_memory_it_meets_is_not_granted()
    {
        ReplayClaim held = await ClaimWhileAsync(2, "UPDATE signing.claim_mark SET horizon = 0; COMMIT");

        Assert.Equal(ReplayClaim.Unavailable, held);
    }

    [Fact]
    public async Task A_node_that_slept_for_ten_minutes_does_not_grant_what_others_have_forgotten()
    {
        PostgreSqlReplayStore asleep = Node();
        PostgreSqlReplayStore awake = Node();
        DateTimeOffset created = Second(0);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(asleep, 1, created));

        for (int second = 0; second < 600; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(awake, (UInt128)(100 + second)));
        }

        // Its clock, and the database's, are back where they were when it fell asleep.
        Time.SetClock(created);
        Assert.Equal(0L, Tables.Run("SELECT count(*) FROM signing.claim WHERE fingerprint = '00000000-0000-0000-0000-000000000001'"));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(asleep, 1, created));
    }

    // A signature is claimed, and the next claim waits for somebody who holds its slot and does something meanwhile.
    private async Task<ReplayClaim> ClaimWhileAsync(UInt128 fingerprint, string meanwhile)
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
        await using NpgsqlConnection holder = await HoldAsync(Second(0));
        Task<ReplayClaim> claim = ClaimAsync(node, fingerprint);
        await Tables.WaitForWaitersAsync(1);
        await Tables.RunAsync(holder, meanwhile);
        return await claim;
    }
}
