using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Which times may be claimed: all that a policy accepts on any node, and none whose slot is not its own.</summary>
public sealed class ClaimWindowTests(SharedServer server) : ClaimTestBase(server)
{
    [Fact]
    public void Whatever_the_window_is_its_slots_reach_from_the_latest_time_that_is_opened_back_to_its_end()
    {
        for (long skew = 0; skew <= 10; skew++)
        {
            for (long age = 1; age <= 100; age++)
            {
                ClaimWindow window = new(age + skew, skew);
                for (long second = 1_000_000; second < 1_000_000 + window.Width; second++)
                {
                    ClaimMemory memory = new ClaimMemory(Begun: 0, Cleared: 0, window.Width, window.Length, Horizon: 0, second).OpenFor(long.MaxValue, window);

                    Assert.Equal(second - window.Length, memory.Floor);
                    Assert.True(memory.Ceiling > second + skew, $"{window} at {second}");
                }
            }
        }
    }

    [Fact]
    public void The_window_is_as_long_as_the_oldest_signature_and_the_clock_that_is_furthest_behind_need()
    {
        VerificationPolicy old = new() { MaxAge = TimeSpan.FromSeconds(60), FutureSkew = TimeSpan.FromSeconds(5) };
        VerificationPolicy early = new() { MaxAge = TimeSpan.FromSeconds(30), FutureSkew = TimeSpan.FromMilliseconds(9_500) };

        Assert.Equal(new ClaimWindow(70, 10), ClaimWindow.Of([old, early]));
        Assert.Equal(new ClaimWindow(70, 10), ClaimWindow.Of([early, old]));
    }

    [Fact]
    public async Task What_a_node_whose_clock_is_behind_accepts_as_the_oldest_is_granted_once()
    {
        PostgreSqlReplayStore node = Node();

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1, Second(-65)));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(node, 1, Second(-65)));
    }

    [Fact]
    public async Task A_time_whose_slot_was_not_emptied_is_not_granted_however_far_ahead_the_horizon_is()
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));

        // As after the horizon of another copy was restored beside this memory.
        Tables.Run("UPDATE signing.claim_mark SET horizon = horizon + 1000");

        var beyond = DateTimeOffset.FromUnixTimeSeconds((long)Tables.Run("SELECT (cleared + 1) * width FROM signing.claim_memory")!);
        foreach (DateTimeOffset created in new[] { beyond, Second(100) })
        {
            Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(node, 2, created));
            Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(Node(), 2, created));
        }

        Assert.Equal(0L, Tables.Run("SELECT count(*) FROM signing.claim WHERE fingerprint = '00000000-0000-0000-0000-000000000002'"));
    }

    [Fact]
    public async Task What_lies_before_the_floor_is_refused_without_being_asked_for()
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));

        // Of times before 1970 there is no slot either.
        foreach (DateTimeOffset created in new[] { Second(-66), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(-5) })
        {
            Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(node, 2, created));
        }

        Assert.Equal(1L, Tables.Run("SELECT count(*) FROM signing.claim"));
    }
}
