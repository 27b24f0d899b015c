using System.Collections.Concurrent;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Docs;

/// <summary>The store that the README shows for other engines, with an engine that is a dictionary.</summary>
public sealed class CommandReplayStoreTests
{
    private static readonly VerificationPolicy Policy = new() { MaxAge = TimeSpan.FromSeconds(60), FutureSkew = TimeSpan.FromSeconds(5) };

    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _keys = new();

    [Fact]
    public async Task Of_many_equal_claims_one_is_granted_for_as_long_as_the_signature_may_be_accepted()
    {
        CommandReplayStore store = Open(floor: DateTimeOffset.MinValue);
        foreach (int ago in (int[])[-60, -1, 0, 5])
        {
            DateTimeOffset created = _time.GetUtcNow().AddSeconds(ago);
            UInt128 fingerprint = (UInt128)(100 + ago);

            ReplayClaim[] claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await ClaimAsync(store, fingerprint, created))));

            Assert.Single(claims, ReplayClaim.Claimed);
            Assert.Equal(15, claims.Count(claim => claim == ReplayClaim.AlreadyClaimed));
        }

        DateTimeOffset latest = _time.GetUtcNow().AddSeconds(5);
        for (int second = 0; second < 200; second++)
        {
            Assert.True(await ClaimAsync(store, 105, latest) is ReplayClaim.AlreadyClaimed or ReplayClaim.BeforeFloor, $"Granted again after {second} s.");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task What_was_signed_before_the_floor_or_too_far_ahead_is_not_granted()
    {
        DateTimeOffset floor = _time.GetUtcNow().AddSeconds(2);
        CommandReplayStore store = Open(floor);

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(store, 1, floor.AddSeconds(-1)));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(store, 1, floor));
        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(store, 2, _time.GetUtcNow().AddSeconds(10)));
        Assert.Single(_keys);
    }

    private CommandReplayStore Open(DateTimeOffset floor) => new(SetIfAbsent, Policy, floor, _time);

    private static ValueTask<ReplayClaim> ClaimAsync(CommandReplayStore store, UInt128 fingerprint, DateTimeOffset created) =>
        store.TryClaimAsync(fingerprint, "key", created, TestContext.Current.CancellationToken);

    private ValueTask<bool> SetIfAbsent(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (_keys.TryGetValue(key, out DateTimeOffset end) && end <= now)
        {
            _keys.TryRemove(new KeyValuePair<string, DateTimeOffset>(key, end));
        }

        return new(_keys.TryAdd(key, now + lifetime));
    }
}
