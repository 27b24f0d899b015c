using Signing.AspNetCore;

namespace Signing.Benchmarks.Server;

/// <summary>Grants every claim, so that one signed request can be measured many times; real claims have a table of their own.</summary>
internal sealed class AcceptingReplayStore : IReplayStore
{
    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ReplayClaim.Claimed);
}
