using System.Globalization;
using Signing.AspNetCore;

namespace Signing.PostgreSql.Tests.Docs;

/// <summary>Claims signatures with one atomic command of another engine.</summary>
public sealed class CommandReplayStore(SetIfAbsent setIfAbsent, VerificationPolicy policy, DateTimeOffset floor, TimeProvider time) : IReplayStore
{
    // For clocks that differ: longer than a verifier accepts the signature, on any node.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public async ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = created + policy.MaxAge + policy.FutureSkew;
        if (created < floor || end < now)
        {
            return ReplayClaim.BeforeFloor;
        }

        if (created > now + policy.FutureSkew + TimeSpan.FromSeconds(1))
        {
            return ReplayClaim.Unavailable;
        }

        string key = "claim:" + fingerprint.ToString("x32", CultureInfo.InvariantCulture);
        return await setIfAbsent(key, end - now + Margin, cancellationToken) ? ReplayClaim.Claimed : ReplayClaim.AlreadyClaimed;
    }
}
