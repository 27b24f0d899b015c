using Signing.AspNetCore;

namespace Signing.Benchmarks.ReplayStore;

/// <summary>A steady stream of signatures against a replay store: so many live at once, each new, all from the last window.</summary>
internal sealed class ReplayClaims
{
    // Enough keys that none reaches its quarter of the store.
    private const int Keys = 64;

    private static readonly string[] KeyIds = [.. Enumerable.Range(0, Keys).Select(i => $"key_live_{i:D22}")];

    private readonly IReplayStore _store;
    private readonly StreamClock _clock;
    private readonly long _perSecond;
    private ulong _seed;
    private long _made;

    /// <param name="store">The store under test, which reads <paramref name="clock"/>.</param>
    /// <param name="clock">The clock, which each of the threads that share it moves forward.</param>
    /// <param name="perSecond">The claims that this stream makes before it lets a second pass.</param>
    /// <param name="seed">Different for each stream.</param>
    public ReplayClaims(IReplayStore store, StreamClock clock, long perSecond, ulong seed)
    {
        _store = store;
        _clock = clock;
        _perSecond = perSecond;
        _seed = seed;
    }

    public ReplayClaim Next()
    {
        long second = _clock.Start + (++_made / _perSecond);
        _clock.Reach(second);
        ulong random = Random();
        ValueTask<ReplayClaim> claim = _store.TryClaimAsync(
            new UInt128(random, Random()), KeyIds[random % Keys], DateTimeOffset.FromUnixTimeSeconds(second), CancellationToken.None);
        return claim.IsCompletedSuccessfully ? claim.GetAwaiter().GetResult() : ReplayClaim.Unavailable;
    }

    // SplitMix64: as random as a MAC, and costs next to nothing.
    private ulong Random()
    {
        ulong z = _seed += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
