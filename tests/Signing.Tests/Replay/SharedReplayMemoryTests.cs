using System.Collections.Concurrent;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Replay;

/// <summary>The memory of several schemes.</summary>
public sealed class SharedReplayMemoryTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Remembers_as_long_as_the_longest_window()
    {
        SharedReplayMemory memory = Make(floorByDefault: false, Options(30), Options(300));
        DateTimeOffset created = _clock.GetUtcNow();

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(memory, 1, created));
        _clock.Advance(TimeSpan.FromSeconds(299));

        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(memory, 1, created));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(memory, 2, created));
    }

    [Fact]
    public async Task Has_the_room_of_all_together()
    {
        SharedReplayMemory memory = Make(floorByDefault: false, Options(300), Options(300));
        int claimed = 0;

        // One key may hold a quarter of the room.
        while (await ClaimAsync(memory, claimed, _clock.GetUtcNow()) == ReplayClaim.Claimed)
        {
            claimed++;
        }

        Assert.Equal(ReplayOptions.MinCapacity * 2 / 4, claimed);
    }

    [Theory]
    [InlineData(false, null, null, ReplayClaim.Claimed)]
    [InlineData(false, null, true, ReplayClaim.BeforeFloor)]
    [InlineData(true, false, null, ReplayClaim.BeforeFloor)]
    [InlineData(true, false, false, ReplayClaim.Claimed)]
    public async Task Has_a_floor_if_one_of_them_wants_it(bool byDefault, bool? first, bool? second, ReplayClaim expected)
    {
        SharedReplayMemory memory = Make(byDefault, Options(300, first), Options(300, second));

        Assert.Equal(expected, await ClaimAsync(memory, 1, _clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_reload_forgets_nothing_and_one_that_changes_the_window_begins_with_a_floor()
    {
        SharedReplayMemory memory = Make(floorByDefault: false, Options(30), Options(300));
        DateTimeOffset created = _clock.GetUtcNow();
        await ClaimAsync(memory, 1, created);

        memory.Use("0", Options(60));
        ReplayClaim afterShorter = await ClaimAsync(memory, 1, created);
        memory.Use("0", Options(600));
        ReplayClaim afterLonger = await ClaimAsync(memory, 1, created);

        Assert.Equal((ReplayClaim.AlreadyClaimed, ReplayClaim.BeforeFloor), (afterShorter, afterLonger));
    }

    [Theory]
    [InlineData(300, ReplayClaim.AlreadyClaimed)]
    [InlineData(200, ReplayClaim.BeforeFloor)]
    public async Task A_reload_that_lowers_the_future_skew_lets_nothing_in_twice(int maxAgeSeconds, ReplayClaim expected)
    {
        SharedReplayMemory memory = Make(floorByDefault: false, Options(30), Options(300, futureSkewSeconds: 60));
        DateTimeOffset created = _clock.GetUtcNow().AddSeconds(50);
        await ClaimAsync(memory, 1, created);

        memory.Use("1", Options(maxAgeSeconds, futureSkewSeconds: 1));
        _clock.Advance(TimeSpan.FromSeconds(51));

        Assert.Equal(expected, await ClaimAsync(memory, 1, created));
    }

    [Fact]
    public async Task A_reload_while_the_clock_is_set_back_lets_nothing_in_twice()
    {
        SharedReplayMemory memory = Make(floorByDefault: false, Options(30), Options(300));
        DateTimeOffset created = _clock.GetUtcNow();
        await ClaimAsync(memory, 1, created);

        _clock.SetClock(created.AddMinutes(-1));
        memory.Use("1", Options(200));
        _clock.SetClock(created);

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(memory, 1, created));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(memory, 2, created.AddSeconds(6)));
    }

    [Fact]
    public async Task Threads_that_replay_each_other_during_reloads_are_granted_each_signature_once()
    {
        SharedReplayMemory memory = Make(floorByDefault: false, Options(30, futureSkewSeconds: 0));
        var granted = new ConcurrentBag<int>();
        Task[] threads = [.. Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                for (int i = 0; i < 50_000; i++)
                {
                    // The second and one of few numbers are the signature.
                    long second = _clock.GetUtcNow().ToUnixTimeSeconds() - (random.Next(4) == 0 ? random.Next(30) : 0);
                    int fingerprint = ((int)(second % 100_000) * 20) + random.Next(20);
                    if (ClaimAsync(memory, fingerprint, DateTimeOffset.FromUnixTimeSeconds(second)).AsTask().GetAwaiter().GetResult() == ReplayClaim.Claimed)
                    {
                        granted.Add(fingerprint);
                    }

                    // One of them reloads, and not too often: each reload begins the memory anew with a floor, below which nothing is granted.
                    if (thread == 0 && i % 200 == 0)
                    {
                        memory.Use("0", Options(i % 400 == 0 ? 300 : 30, futureSkewSeconds: 0));
                    }

                    if (i % 50 == thread)
                    {
                        _clock.Advance(TimeSpan.FromMilliseconds(400));
                    }
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(threads);
        Assert.Equal(granted.Count, granted.Distinct().Count());
        Assert.True(granted.Count > 200, $"{granted.Count} were granted.");
    }

    private static ValueTask<ReplayClaim> ClaimAsync(SharedReplayMemory memory, int fingerprint, DateTimeOffset created) =>
        memory.TryClaimAsync((UInt128)fingerprint, "key", created, TestContext.Current.CancellationToken);

    private static SharedReplayMemory Make(bool floorByDefault, params SignatureOptions[] schemes) =>
        new(schemes.Index().ToDictionary(scheme => $"{scheme.Index}", scheme => scheme.Item, StringComparer.Ordinal), floorByDefault);

    private SignatureOptions Options(int maxAgeSeconds, bool? floorAtStart = null, int futureSkewSeconds = 5) => new()
    {
        Policy = new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(maxAgeSeconds), FutureSkew = TimeSpan.FromSeconds(futureSkewSeconds) },
        Replay = new ReplayOptions { Capacity = ReplayOptions.MinCapacity, FloorAtStart = floorAtStart },
        TimeProvider = _clock,
    };
}
