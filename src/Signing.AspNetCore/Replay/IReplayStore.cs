namespace Signing.AspNetCore;

/// <summary>Remembers which signatures were accepted, so that each one is accepted once.</summary>
/// <remarks>
/// Claim last, after the MAC and the digest were verified: whoever can claim without a valid signature can burn another
/// caller's. A store that lost its memory must answer <see cref="ReplayClaim.BeforeFloor"/> for everything it may have forgotten.
/// </remarks>
public interface IReplayStore
{
    /// <summary>Claims a signature, atomically: of any number of concurrent claims of one fingerprint, one gets <see cref="ReplayClaim.Claimed"/>.</summary>
    /// <param name="fingerprint">The first 128 bits of the verified MAC.</param>
    /// <param name="keyId">The key id of the verified signature; the claim counts towards its share of the store.</param>
    /// <param name="created">The signed <c>created</c> parameter, in whole seconds.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is reached over a network.</param>
    /// <returns><see cref="ReplayClaim.Claimed"/> if the signature may be accepted; any other value says why it must be refused.</returns>
    ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken);
}
