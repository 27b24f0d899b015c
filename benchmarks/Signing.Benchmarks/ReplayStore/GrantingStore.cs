using Signing.AspNetCore;

namespace Signing.Benchmarks.ReplayStore;

/// <summary>Remembers nothing: what the stream of claims costs by itself, and how long this machine keeps it waiting.</summary>
internal sealed class GrantingStore : IReplayStore
{
    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) => new(ReplayClaim.Claimed);
}
