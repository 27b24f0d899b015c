using System.Collections.Concurrent;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Replay;

public sealed class InMemoryReplayStoreTests : ReplayStoreContract
{
    protected override IReplayStore Start(int capacity = 4096, bool floorAtStart = false)
        => new InMemoryReplayStore(Policy, new ReplayOptions { Capacity = capacity, FloorAtStart = floorAtStart }, Time);

    [Fact]
    public async Task A_store_whose_floor_nobody_decided_has_it()
    {
        InMemoryReplayStore store = new(Policy, time: Time);

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1));
    }

    [Fact]
    public async Task Claims_survive_every_growth()
    {
        IReplayStore store = Start(capacity: 1 << 17);
        for (int i = 0; i < 1 << 17; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)i, Second((i % 60) - 55), $"k{i % 64}"));
        }

        for (int i = 0; i < 1 << 17; i++)
        {
            Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, (UInt128)i, Second((i % 60) - 55), $"k{i % 64}"));
        }
    }

    [Fact]
    public async Task Claims_of_one_second_fill_the_whole_store_not_a_time_slot_of_it()
    {
        IReplayStore store = Start(capacity: 1 << 14);
        for (int i = 0; i < 1 << 14; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)i, Second(0), $"k{i % 64}"));
        }
    }

    [Fact]
    public async Task Keys_that_want_more_than_there_is_come_to_hold_the_same()
    {
        IReplayStore store = Start(capacity: 4096);
        int[] granted = new int[8];
        UInt128 next = 0;
        for (int second = 0; second < 300; second++)
        {
            // Four are there earlier than the others, and want three times as much.
            for (int i = 0; i < 200; i++)
            {
                int key = second < 60 || i < 100 ? i % 4 : i % 8;
                if (await ClaimAsync(store, next++, key: $"greedy {key}") == ReplayClaim.Claimed && second >= 220)
                {
                    granted[key]++;
                }
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(granted, number => Assert.InRange(number, granted.Max() / 2, granted.Max()));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(600)]
    [InlineData(3_601)]
    public async Task The_latest_time_of_a_window_does_not_take_the_place_of_the_earliest_however_long_it_is(int maxAge)
    {
        VerificationPolicy policy = new() { MaxAge = TimeSpan.FromSeconds(maxAge), FutureSkew = TimeSpan.FromSeconds(5) };
        InMemoryReplayStore store = new(policy, new ReplayOptions { Capacity = 4096, FloorAtStart = false }, Time);
        for (int second = 0; second < 32; second++)
        {
            UInt128 earliest = (UInt128)(2 * second);
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, earliest, Second(-maxAge - 5)));
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, earliest + 1, Second(6)));

            Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, earliest, Second(-maxAge - 5)));
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task What_has_passed_takes_no_room_from_what_comes_however_long_a_store_lives()
    {
        IReplayStore store = Start(capacity: 256);
        for (int second = 0; second < 4_000; second++)
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)((3 * second) + i), key: $"k{second % 8}"));
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_answers_as_a_plain_dictionary_does_while_the_clock_moves_both_ways(int seed)
    {
        Random random = new(seed);
        IReplayStore store = Start(capacity: 1 << 14);
        Dictionary<UInt128, long> claimed = [];
        long start = Time.GetUtcNow().ToUnixTimeSeconds();
        long latest = start;
        for (int i = 0; i < 60_000; i++)
        {
            if (random.Next(40) == 0)
            {
                Time.Advance(TimeSpan.FromMilliseconds(random.Next(3_000)));
            }

            if (random.Next(4_000) == 0)
            {
                Time.SetClock(Time.GetUtcNow().AddSeconds(random.Next(-40, 40)));
            }

            latest = Math.Max(latest, Time.GetUtcNow().ToUnixTimeSeconds());
            long created = latest + random.Next(-70, 7);
            // Few fingerprints in each second, so that many claims repeat one: as with a MAC, the fingerprint implies the second.
            UInt128 fingerprint = ((UInt128)(ulong)created << 64) + (UInt128)random.Next(60);
            ReplayClaim expected = ReplayClaim.Claimed;
            if (created < Math.Max(start - 65, latest - 65))
            {
                expected = ReplayClaim.BeforeFloor;
            }
            else if (!claimed.TryAdd(fingerprint, created))
            {
                expected = ReplayClaim.AlreadyClaimed;
            }

            Assert.Equal(expected, await ClaimAsync(store, fingerprint, DateTimeOffset.FromUnixTimeSeconds(created), $"k{random.Next(16)}"));
        }
    }

    [Fact]
    public async Task Threads_that_replay_each_other_while_time_passes_grant_each_signature_once()
    {
        const int Threads = 8;
        const int ClaimsPerThread = 40_000;
        IReplayStore store = Start(capacity: 1 << 18);
        ConcurrentQueue<UInt128>[] granted = [.. Enumerable.Range(0, Threads).Select(_ => new ConcurrentQueue<UInt128>())];
        ConcurrentBag<ReplayClaim> unexpected = [];

        await InParallelAsync(Threads, async thread =>
        {
            Random random = new(thread);
            for (int i = 0; i < ClaimsPerThread; i++)
            {
                // The second at the edge of the window, the newest, and those between; all threads choose from the same few signatures.
                int ago = random.Next(4) switch { 0 => -65, 1 => 5, _ => random.Next(-65, 6) };
                DateTimeOffset created = Second(ago);
                UInt128 fingerprint = ((UInt128)(ulong)created.ToUnixTimeSeconds() << 64) + (UInt128)random.Next(100);
                switch (await ClaimAsync(store, fingerprint, created, $"k{random.Next(64)}"))
                {
                    case ReplayClaim.Claimed:
                        granted[thread].Enqueue(fingerprint);
                        break;
                    case ReplayClaim.Unavailable or ReplayClaim.QuotaExceeded:
                        unexpected.Add(ReplayClaim.Unavailable);
                        break;
                }

                if (random.Next(300) == 0)
                {
                    Time.Advance(TimeSpan.FromMilliseconds(500));
                }
            }

            return true;
        });

        Assert.Empty(unexpected);
        UInt128[] all = [.. granted.SelectMany(claims => claims)];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.True(all.Length > 10_000, $"Only {all.Length} were granted.");
        Assert.True(all.Length < Threads * ClaimsPerThread / 2, "Too few were repeated to prove anything.");
    }

    [Fact]
    public async Task Threads_at_one_keys_limit_grant_exactly_its_share()
    {
        IReplayStore store = Start(capacity: 1024);

        ReplayClaim[][] claims = await InParallelAsync(8, async thread =>
        {
            ReplayClaim[] own = new ReplayClaim[100];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = await ClaimAsync(store, (UInt128)((thread * 1000) + i));
            }

            return own;
        });

        Assert.InRange(claims.SelectMany(own => own).Count(claim => claim == ReplayClaim.Claimed), 249, 256);
        Assert.Equal(ReplayClaim.QuotaExceeded, await FillAsync(store));
    }

    [Fact]
    public void A_warm_claim_allocates_nothing_and_completes_at_once()
    {
        // Directories come from the shared pool, which a collection may empty in the midst of a measurement.
        const int Attempts = 5;
        IReplayStore store = Start(capacity: 1 << 16);
        UInt128 next = 0;
        for (int i = 0; i < 15_000; i++)
        {
            Claim();
        }

        Assert.Equal(0, Enumerable.Range(0, Attempts).Min(_ => Measure()));

        // What was claimed leaves the window, and its room is used again.
        long Measure()
        {
            Time.Advance(TimeSpan.FromMinutes(10));
            return Allocation.OfWarmed(Claim);
        }

        void Claim()
        {
            ValueTask<ReplayClaim> claim = store.TryClaimAsync(next++, Key, Second(0), CancellationToken.None);
            Assert.True(claim.IsCompletedSuccessfully);
        }
    }

    [Fact]
    public void A_store_takes_little_at_first_and_no_more_than_it_says()
    {
        const int Capacity = 1 << 17;
        long before = GC.GetAllocatedBytesForCurrentThread();
        InMemoryReplayStore store = new(Policy, new ReplayOptions { Capacity = Capacity, FloorAtStart = false }, Time);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);

        Assert.InRange(store.MaxSize, 32L * Capacity, (32L * Capacity) + (512 * 1024));
        Assert.InRange(new InMemoryReplayStore(Policy, new ReplayOptions { Capacity = 100_000 }, Time).MaxSize, 32L * 100_000, (32L * 100_000) + (512 * 1024));
    }

    [Fact]
    public async Task The_default_store_takes_70_megabytes_at_most_and_carries_3400_requests_per_second_two_fifths_of_them_from_one_key()
    {
        VerificationPolicy policy = new();

        Assert.InRange(new InMemoryReplayStore(policy, time: Time).MaxSize / 1e6, 67, 70);
        Assert.InRange(ReplayOptions.DefaultCapacity / (policy.MaxAge + policy.FutureSkew).TotalSeconds, 2 * 3_400, 2 * 3_500);

        // A sixteenth of it, for two windows; the rest of the traffic comes from a few keys alike.
        IReplayStore store = new InMemoryReplayStore(policy, new ReplayOptions { Capacity = ReplayOptions.DefaultCapacity / 16, FloorAtStart = false }, Time);
        UInt128 next = 0;
        for (int second = 0; second < 610; second++)
        {
            for (int i = 0; i < 3_400 / 16; i++)
            {
                Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, next++, key: i % 5 < 2 ? "large" : $"k{i % 3}"));
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(255)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1 << 28) + 1)]
    public void A_capacity_outside_its_limits_is_refused(int capacity)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryReplayStore(Policy, new ReplayOptions { Capacity = capacity }, Time));

    [Fact]
    public async Task Every_window_that_a_policy_may_ask_for_has_a_store()
    {
        VerificationPolicy policy = new() { MaxAge = TimeSpan.FromDays(1), FutureSkew = TimeSpan.FromMinutes(5) };
        _ = new MessageVerifier(policy);
        IReplayStore store = new InMemoryReplayStore(policy, time: Time);
        DateTimeOffset created = Time.GetUtcNow() + TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1);

        Assert.Equal(ReplayClaim.Claimed, await store.TryClaimAsync(1, "k", created, CancellationToken.None));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await store.TryClaimAsync(1, "k", created, CancellationToken.None));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(86_400, 301)]
    [InlineData(60, -1)]
    [InlineData(1, 90_000)]
    public void A_window_outside_its_limits_is_refused(int maxAge, int skew)
    {
        VerificationPolicy policy = new() { MaxAge = TimeSpan.FromSeconds(maxAge), FutureSkew = TimeSpan.FromSeconds(skew) };

        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryReplayStore(policy, time: Time));
    }

    [Fact]
    public async Task Fingerprints_that_follow_one_another_spread_under_every_key()
    {
        for (int store = 0; store < 2_000; store++)
        {
            IReplayStore replay = Start(capacity: 1024);
            for (int i = 0; i < 512; i++)
            {
                Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(replay, (UInt128)i, key: $"k{i % 4}"));
            }
        }
    }

    [Fact]
    public async Task A_store_in_whose_place_another_has_come_grants_nothing_that_the_other_would_grant_again()
    {
        ReplaySpan span = ReplaySpan.Of(Policy);
        InMemoryReplayStore before = span.Open(capacity: 256, floorAtStart: false, Time, before: null);
        InMemoryReplayStore after = span.Open(capacity: 256, floorAtStart: true, Time, before);

        // As a request does that was on its way to the one before when a reload came.
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(before, 1, Second(5)));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(after, 1, Second(5)));
    }

    private async Task<ReplayClaim> FillAsync(IReplayStore store)
    {
        ReplayClaim claim;
        UInt128 next = 1_000_000;
        do
        {
            claim = await ClaimAsync(store, next++);
        }
        while (claim == ReplayClaim.Claimed);
        return claim;
    }
}
