using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Replay;

/// <summary>What every replay store must hold; each store's test class inherits it.</summary>
public abstract class ReplayStoreContract
{
    protected const string Key = "key_contract";

    protected static readonly VerificationPolicy Policy = new()
    {
        MaxAge = TimeSpan.FromSeconds(60),
        FutureSkew = TimeSpan.FromSeconds(5),
    };

    protected ManualTimeProvider Time { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Creates a store over an empty memory, as a process does that starts now.</summary>
    /// <param name="capacity">The claims it holds at least; a multiple of 256.</param>
    /// <param name="floorAtStart">Whether it refuses what a predecessor may have accepted.</param>
    protected abstract IReplayStore Start(int capacity = 4096, bool floorAtStart = false);

    [Fact]
    public async Task The_first_claim_of_a_signature_is_granted_and_every_later_one_refused()
    {
        IReplayStore store = Start();

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, 1));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, 1));
    }

    [Fact]
    public async Task Fingerprints_that_differ_in_any_one_bit_are_different_signatures()
    {
        IReplayStore store = Start();
        UInt128 fingerprint = new(0x0123456789abcdef, 0xfedcba9876543210);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, fingerprint));

        for (int bit = 0; bit < 128; bit++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, fingerprint ^ (UInt128.One << bit)));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public async Task A_fingerprint_of_equal_bits_is_a_signature_like_any_other(ulong upper, ulong lower)
    {
        IReplayStore store = Start();

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, new UInt128(upper, lower)));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, new UInt128(upper, lower)));
    }

    [Fact]
    public async Task A_claim_under_another_key_id_does_not_repeat_a_signature()
    {
        IReplayStore store = Start();

        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1, key: "a"));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, 1, key: "b"));
    }

    [Fact]
    public async Task Of_64_parallel_claims_of_one_signature_exactly_one_is_granted()
    {
        IReplayStore store = Start();
        var claims = new ReplayClaim[50, 64];
        using Barrier together = new(64);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => OnThreadAsync(() =>
        {
            for (int round = 0; round < 50; round++)
            {
                together.SignalAndWait(Cancellation);
                claims[round, i] = ClaimAsync(store, (UInt128)round).AsTask().GetAwaiter().GetResult();
            }
        })));

        for (int round = 0; round < 50; round++)
        {
            ReplayClaim[] ofRound = [.. Enumerable.Range(0, 64).Select(i => claims[round, i])];
            Assert.Single(ofRound, ReplayClaim.Claimed);
            Assert.Equal(63, ofRound.Count(claim => claim == ReplayClaim.AlreadyClaimed));
        }
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-59)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_claim_is_never_granted_again_however_long_one_waits(int createdAgo)
    {
        IReplayStore store = Start();
        DateTimeOffset created = Second(createdAgo);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1, created));

        for (int second = 0; second < 400; second++)
        {
            ReplayClaim claim = await ClaimAsync(store, 1, created);
            Assert.True(claim is ReplayClaim.AlreadyClaimed or ReplayClaim.BeforeFloor, $"{claim} after {second} s");
            // Others come and go meanwhile, and take what has been freed.
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)(1000 + second), key: $"k{second}"));
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Every_time_that_the_policy_accepts_can_be_claimed()
    {
        IReplayStore store = Start();
        Time.Advance(TimeSpan.FromMinutes(10));

        for (int ago = -60; ago <= 5; ago++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)(100 + ago), Second(ago)));
        }
    }

    [Fact]
    public async Task A_time_beyond_the_window_is_before_the_floor()
    {
        IReplayStore store = Start();

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1, Second(-66)));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1, DateTimeOffset.UnixEpoch));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1, DateTimeOffset.MinValue));
    }

    [Fact]
    public async Task A_time_further_ahead_than_the_skew_is_not_remembered_and_so_not_granted()
    {
        IReplayStore store = Start();

        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(store, 1, Second(10)));
        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(store, 1, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task A_restart_does_not_reopen_the_window()
    {
        IReplayStore before = Start();
        List<(UInt128 Fingerprint, DateTimeOffset Created)> accepted = [];
        for (int ago = -60; ago <= 5; ago++)
        {
            accepted.Add(((UInt128)(100 + ago), Second(ago)));
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(before, accepted[^1].Fingerprint, accepted[^1].Created));
        }

        IReplayStore after = Start(floorAtStart: true);
        for (int second = 0; second < 130; second++)
        {
            foreach ((UInt128 fingerprint, DateTimeOffset created) in accepted)
            {
                Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(after, fingerprint, created));
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    public async Task The_first_second_after_the_floor_at_start_is_the_one_no_predecessor_accepted(int milliseconds)
    {
        Time.SetClock(new DateTimeOffset(2030, 1, 1, 12, 0, 0, milliseconds, TimeSpan.Zero));
        IReplayStore store = Start(floorAtStart: true);

        // Until 12:00:00.999 a predecessor with a skew of 5 s accepted 12:00:05, and never 12:00:06.
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1, Second(5)));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1, Second(6)));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_reopen_the_window()
    {
        IReplayStore store = Start();
        DateTimeOffset created = Second(0);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1, created));
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 2));

        Time.SetClock(created);

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1, created));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 3, created));
    }

    [Fact]
    public async Task A_key_that_holds_a_quarter_is_refused_and_others_are_not()
    {
        IReplayStore store = Start(capacity: 1024);
        for (int i = 0; i < 256; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)i, key: "greedy"));
        }

        Assert.Equal(ReplayClaim.QuotaExceeded, await ClaimAsync(store, 1000, key: "greedy"));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, 7, key: "greedy"));
        for (int i = 0; i < 256; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)(2000 + i), key: "modest"));
        }

        // The refused claim took nothing: it is not burnt for later.
        Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ReplayClaim.QuotaExceeded, await ClaimAsync(store, 1000, key: "greedy"));
        Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1000, key: "greedy"));
    }

    [Fact]
    public async Task However_many_keys_take_all_they_get_the_next_one_finds_room()
    {
        IReplayStore store = Start(capacity: 1024);
        UInt128 next = 0;
        List<int> held = [];
        for (int key = 0; key < 12; key++)
        {
            held.Add(await FillAsync($"greedy {key}"));
        }

        // A quarter each, then half of what is free.
        Assert.Equal([256, 256, 213], held[..3]);
        Assert.InRange(held.Sum(), 1024, 1024 + (1024 / 8));
        Assert.InRange(await FillAsync("modest"), 2, 10);

        async Task<int> FillAsync(string key)
        {
            int claimed = 0;
            while (await ClaimAsync(store, next++, key: key) is var claim && claim != ReplayClaim.QuotaExceeded)
            {
                Assert.Equal(ReplayClaim.Claimed, claim);
                claimed++;
            }

            return claimed;
        }
    }

    [Fact]
    public async Task A_replay_takes_nothing_of_its_key_s_share()
    {
        IReplayStore store = Start(capacity: 1024);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 0));
        for (int i = 0; i < 256; i++)
        {
            Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, 0));
        }

        for (int i = 1; i < 256; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, (UInt128)i));
        }

        Assert.Equal(ReplayClaim.QuotaExceeded, await ClaimAsync(store, 256));
    }

    [Fact]
    public async Task A_share_follows_the_window_and_stays_exact_over_many_windows()
    {
        IReplayStore store = Start(capacity: 1024);
        UInt128 next = 1;
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < 256; i++)
            {
                Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, next++));
            }

            Assert.Equal(ReplayClaim.QuotaExceeded, await ClaimAsync(store, next++));
            Time.Advance(TimeSpan.FromSeconds(75));
        }
    }

    [Fact]
    public async Task A_full_store_refuses_and_forgets_nothing()
    {
        IReplayStore store = Start(capacity: 256);
        List<UInt128> granted = [];
        UInt128 next = 0;
        ReplayClaim claim;
        while ((claim = await ClaimAsync(store, next, key: $"k{next}")) != ReplayClaim.Unavailable)
        {
            // With the last room some keys are taken for others.
            if (claim == ReplayClaim.Claimed)
            {
                granted.Add(next);
            }

            next++;
            Assert.True(next < 100_000, "The store never fills.");
        }

        Assert.True(granted.Count >= 256, $"Full at {granted.Count}.");
        foreach (UInt128 fingerprint in granted)
        {
            Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(store, fingerprint, key: "any"));
        }

        // Nor has a second of which nothing is remembered yet any room.
        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(store, next, Second(1), "any"));
        Time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, next));
    }

    /// <summary>A signed time relative to the clock, in whole seconds as on the wire.</summary>
    protected DateTimeOffset Second(int fromNow) => DateTimeOffset.FromUnixTimeSeconds(Time.GetUtcNow().ToUnixTimeSeconds() + fromNow);

    protected ValueTask<ReplayClaim> ClaimAsync(IReplayStore store, UInt128 fingerprint, DateTimeOffset? created = null, string key = Key)
        => store.TryClaimAsync(fingerprint, key, created ?? Second(0), Cancellation);

    /// <summary>Runs an operation on so many threads, which begin together.</summary>
    protected static async Task<T[]> InParallelAsync<T>(int threads, Func<int, ValueTask<T>> operation)
    {
        using Barrier together = new(threads);
        return await Task.WhenAll(Enumerable.Range(0, threads).Select(i => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait(Cancellation);
                return await operation(i);
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }

    private static Task OnThreadAsync(Action work) => Task.Factory.StartNew(work, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
