using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Asks the memory of this process what a claim would get, and any other store by claiming what nobody has signed: whatever is between this host and a claim is asked with it.</summary>
internal static class ReplayHealth
{
    private const int FingerprintBytes = 16;

    // Its share of the store is its own: no customer has this key.
    private const string NobodysKey = "signing-health-check";

    public static async ValueTask<List<HealthFinding>> AskAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        List<HealthFinding> findings = [];
        foreach (RequestVerifier verifier in services.GetServices<SignatureScheme>().Select(scheme => services.GetRequiredService<RequestVerifiers>().Get(scheme.Name)).DistinctBy(static verifier => verifier.Replay))
        {
            ReplayClaim claim = verifier.Replay is IReplayProbe memory ? memory.Probe() : await ClaimAsync(verifier, cancellationToken).ConfigureAwait(false);
            findings.Add(Of(claim, verifier.Replay.GetType().Name));
        }

        return findings;
    }

    private static ValueTask<ReplayClaim> ClaimAsync(RequestVerifier verifier, CancellationToken cancellationToken)
    {
        UInt128 fingerprint = BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(FingerprintBytes));
        return verifier.Replay.TryClaimAsync(fingerprint, NobodysKey, verifier.Time.GetUtcNow(), cancellationToken);
    }

    private static HealthFinding Of(ReplayClaim claim, string store) => claim switch
    {
        ReplayClaim.Claimed => HealthFinding.Healthy("Signatures are claimed.", ("store", store)),
        ReplayClaim.BeforeFloor => HealthFinding.Degraded("What is signed now is answered 503, as it may have been accepted before the store began to remember; that passes within seconds of a start, or when a clock that was set back has caught up.", ("store", store)),
        ReplayClaim.QuotaExceeded => HealthFinding.Degraded("The share of the health checks in the store is used up: it is nearly full, or its capacity is small for how often they are asked.", ("store", store)),
        _ => HealthFinding.Unhealthy("Signatures cannot be claimed: the store is full, or does not answer. Every request that is signed gets 503.", ("store", store)),
    };
}
