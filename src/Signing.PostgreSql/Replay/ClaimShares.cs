using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>How much of what this node may claim each key id holds, and all of them together; counted on the node, by its clock.</summary>
internal sealed class ClaimShares
{
    private readonly TimeProvider _time;
    private readonly ReplayWindow _window;
    private readonly ReplayShares _shares;

    public ClaimShares(ClaimWindow window, int capacity, TimeProvider time)
    {
        _time = time;
        _window = new ReplayWindow(TimeSpan.FromSeconds(window.Length - window.Skew), TimeSpan.FromSeconds(window.Skew), floorAtStart: false, time.GetUtcNow());
        _shares = new ReplayShares(_window, capacity);
    }

    /// <summary>Frees what has left the window.</summary>
    public void Turn()
    {
        _window.Observe(_time.GetUtcNow());
        _shares.TurnTo(_window.Floor);
    }

    /// <summary>Counts a claim.</summary>
    /// <returns><see cref="ReplayClaim.Claimed"/> if there is room for it; else what to answer unless the signature is claimed already.</returns>
    public ReplayClaim TryTake(PendingClaim claim)
    {
        // The database's clock decides what is too old; one that differs only shifts the count.
        claim.CountedAt = Math.Clamp(claim.Created, _window.Floor, _window.Horizon);
        return _shares.TryTake(claim.KeyHash, claim.CountedAt);
    }

    /// <summary>Gives back what a claim took that was not granted.</summary>
    public void Return(PendingClaim claim) => _shares.Return(claim.KeyHash, claim.CountedAt);
}
