using Microsoft.Extensions.Caching.Memory;
using Signing.AspNetCore;

namespace Signing.Benchmarks.ReplayStore;

/// <summary>The other usual way: an entry of the memory cache that expires with the window.</summary>
internal sealed class MemoryCacheStore(TimeSpan window, StreamClock time) : IReplayStore, IDisposable
{
    private readonly MemoryCache _seen = new(new MemoryCacheOptions { Clock = new Clock(time) });
    private readonly Lock _gate = new();

    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
    {
        // The cache has no atomic "add if absent".
        lock (_gate)
        {
            if (_seen.TryGetValue(fingerprint, out _))
            {
                return new(ReplayClaim.AlreadyClaimed);
            }

            using ICacheEntry entry = _seen.CreateEntry(fingerprint);
            entry.Value = null;
            entry.AbsoluteExpiration = created + window;
            return new(ReplayClaim.Claimed);
        }
    }

    public void Dispose() => _seen.Dispose();

#pragma warning disable CS0618 // The cache takes its time from nothing newer.
    private sealed class Clock(StreamClock time) : Microsoft.Extensions.Internal.ISystemClock
#pragma warning restore CS0618
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
