using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §7.2.2. Claims a verified signature in the store, so that it is accepted once.</summary>
internal sealed class SignatureReplay(IReplayStore store, ILogger logger)
{
    private readonly OutagePace _pace = new();

    /// <summary>Claims the signature of a request; one that another scheme has claimed for the same request in the same store stays claimed.</summary>
    /// <returns><see cref="SignatureStatus.Verified"/> if it was not used before; else why it is not accepted now.</returns>
    public async ValueTask<SignatureStatus> ClaimAsync(SignatureVerdict verdict, UInt128 fingerprint, DateTimeOffset created, CancellationToken aborted)
    {
        for (SignatureFeature? earlier = verdict.Previous; earlier is not null; earlier = earlier.Previous)
        {
            if (earlier.HasClaimed(store, fingerprint))
            {
                return SignatureStatus.Verified;
            }
        }

        try
        {
            ReplayClaim claim = await store.TryClaimAsync(fingerprint, verdict.Credential!.Key, created, aborted).ConfigureAwait(false);
            if (claim == ReplayClaim.Claimed)
            {
                verdict.Fingerprint = fingerprint;
                verdict.ClaimedIn = store;
            }

            return claim switch
            {
                ReplayClaim.Claimed => SignatureStatus.Verified,
                ReplayClaim.AlreadyClaimed => SignatureStatus.Replayed,
                ReplayClaim.BeforeFloor => SignatureStatus.ReplayBeforeFloor,
                ReplayClaim.QuotaExceeded => SignatureStatus.ReplayQuotaExceeded,
                _ => SignatureStatus.ReplayStoreUnavailable,
            };
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, aborted))
        {
            // A store that throws has not said that the signature is unused.
            if (_pace.IsDue())
            {
                Log.ReplayStoreFailed(logger, verdict.Scheme, exception);
            }

            return SignatureStatus.ReplayStoreUnavailable;
        }
    }
}
