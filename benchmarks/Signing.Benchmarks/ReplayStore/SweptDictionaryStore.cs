using System.Collections.Concurrent;
using Signing.AspNetCore;

namespace Signing.Benchmarks.ReplayStore;

/// <summary>The usual way: a concurrent dictionary of what was seen, and now and then somebody sweeps out what is too old.</summary>
internal sealed class SweptDictionaryStore(TimeSpan window, TimeProvider time) : IReplayStore
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<UInt128, DateTimeOffset> _seen = new();
    private long _nextSweep = (time.GetUtcNow() + SweepEvery).Ticks;

    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        long due = Volatile.Read(ref _nextSweep);
        if (now.Ticks >= due && Interlocked.CompareExchange(ref _nextSweep, (now + SweepEvery).Ticks, due) == due)
        {
            foreach (KeyValuePair<UInt128, DateTimeOffset> entry in _seen)
            {
                if (entry.Value < now - window)
                {
                    _seen.TryRemove(entry);
                }
            }
        }

        return new(_seen.TryAdd(fingerprint, created) ? ReplayClaim.Claimed : ReplayClaim.AlreadyClaimed);
    }
}
