using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>Answers every claim alike.</summary>
internal sealed class FixedReplayStore(ReplayClaim claim) : IReplayStore
{
    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) => ValueTask.FromResult(claim);
}
