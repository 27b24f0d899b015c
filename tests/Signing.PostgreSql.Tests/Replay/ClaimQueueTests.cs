using Signing.AspNetCore;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Claims on their way, and what becomes of them when no writer comes back for them.</summary>
public sealed class ClaimQueueTests
{
    private readonly ClaimQueue _queue = new(writers: 2, maxBatch: 1);

    [Fact]
    public async Task While_every_writer_takes_too_long_all_who_wait_or_come_are_refused()
    {
        PendingClaim[] claims = [ClaimOf(1), ClaimOf(2), ClaimOf(3)];
        Assert.Equal([true, true, false], claims.Select(_queue.Add));
        List<PendingClaim> first = [];
        List<PendingClaim> second = [];
        Assert.True(_queue.TryTake(first) && _queue.TryTake(second));

        _queue.GiveUp(first);
        await RequireRefusedAsync(claims[0]);
        Assert.False(claims[1].Task.IsCompleted || claims[2].Task.IsCompleted);

        _queue.GiveUp(second);
        await RequireRefusedAsync(claims[1]);
        await RequireRefusedAsync(claims[2]);
        PendingClaim late = ClaimOf(4);
        Assert.False(_queue.Add(late));
        await RequireRefusedAsync(late);

        // One is back: it takes what comes now, and none of those who were refused.
        _queue.Recover();
        PendingClaim again = ClaimOf(3);
        Assert.False(_queue.Add(again));
        Assert.True(_queue.TryTake(second));
        Assert.Same(again, Assert.Single(second));
    }

    private static async Task RequireRefusedAsync(PendingClaim claim)
    {
        Assert.True(claim.Task.IsCompleted);
        Assert.Equal(ReplayClaim.Unavailable, await claim.Task);
    }

    private static PendingClaim ClaimOf(UInt128 fingerprint) => new(fingerprint, keyHash: 0, created: 0);
}
