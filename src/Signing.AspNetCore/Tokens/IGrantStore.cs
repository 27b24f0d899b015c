namespace Signing.AspNetCore;

/// <summary>Keeps the grants, the sealed master keys and who uses which sharing key; tokens are never stored.</summary>
/// <remarks>
/// A store that cannot answer throws, and the server answers 503 <c>grant_store_unavailable</c>. A method that changes
/// something completes when the change lasts: no token may leave the server before. Each method is safe for any number of
/// threads, and acts on a grant atomically. Where several nodes share a store, what a node has in memory hears of every
/// revocation and of every change of the scopes, and may be behind in <see cref="Grant.Sequence"/> and <see cref="Grant.IsUsed"/>.
/// </remarks>
public interface IGrantStore
{
    /// <summary>Looks a grant up in what is already in memory, without waiting and without allocating.</summary>
    /// <param name="id">The id that a token names whose MAC was verified.</param>
    /// <param name="grant">The grant, or <see langword="null"/> if the id is known to be unknown.</param>
    /// <returns><see langword="true"/> if the answer is known now; <see langword="false"/> if <see cref="FindAsync"/> must be asked.</returns>
    bool TryGetCached(UInt128 id, out Grant? grant);

    /// <summary>Looks a grant up.</summary>
    /// <param name="id">The id that a token names whose MAC was verified.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The version of the grant that every node has now, revoked or not, or <see langword="null"/> if no grant has this id; one that has ended may be forgotten.</returns>
    ValueTask<Grant?> FindAsync(UInt128 id, CancellationToken cancellationToken);

    /// <summary>Stores a new grant.</summary>
    /// <param name="grant">The grant, with a random id.</param>
    /// <param name="cancellationToken">Ends the wait; the grant may be stored nevertheless.</param>
    /// <returns><see cref="GrantInsertion.Inserted"/> if its tokens may be handed out; any other value says why not.</returns>
    ValueTask<GrantInsertion> InsertAsync(Grant grant, CancellationToken cancellationToken);

    /// <summary>Moves a grant on to its next sequence, as <see cref="Grant.Rotate"/> decides by the store's clock: of any number of concurrent calls with one sequence, one gets <see cref="GrantRotationStatus.Rotated"/>.</summary>
    /// <param name="id">The id that a refresh token names whose MAC was verified and whose client is known.</param>
    /// <param name="sequence">The sequence that the refresh token carries.</param>
    /// <param name="terms">What the next tokens are made with.</param>
    /// <param name="cancellationToken">Ends the wait; the grant may have moved on nevertheless, and the same call then finds the same successor.</param>
    /// <returns>What became of it, and the grant as it is now.</returns>
    ValueTask<GrantRotation> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken);

    /// <summary>Notes that a token of a grant's current sequence was presented, so that its answer cannot have been lost.</summary>
    /// <param name="id">The id of the grant; an unknown one has no effect.</param>
    /// <param name="sequence">The sequence of the token; another one than the current has no effect.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when this process takes it into account; it may reach the disk later.</returns>
    ValueTask MarkUsedAsync(UInt128 id, int sequence, CancellationToken cancellationToken);

    /// <summary>Revokes a grant for good.</summary>
    /// <param name="id">The id of the grant.</param>
    /// <param name="reason">Why; the first reason stays.</param>
    /// <param name="cancellationToken">Ends the wait; the grant may be revoked nevertheless.</param>
    /// <returns><see langword="true"/> if this call revoked it; <see langword="false"/> if it was revoked before or is unknown.</returns>
    ValueTask<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken);

    /// <summary>Revokes every grant of a client, credential, application, workspace or sharing key for good.</summary>
    /// <param name="owner">By what the grants are named.</param>
    /// <param name="value">The Key or id, compared ordinally.</param>
    /// <param name="reason">Why; the first reason of each grant stays.</param>
    /// <param name="cancellationToken">Ends the wait; the grants may be revoked nevertheless.</param>
    /// <returns>How many grants this call revoked.</returns>
    ValueTask<int> RevokeAllAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken);

    /// <summary>Binds a sharing key that was granted to nobody in particular to whoever uses it first, unless it is bound already.</summary>
    /// <param name="sharingKeyId">The id of the sharing key.</param>
    /// <param name="grantee">Who uses it.</param>
    /// <param name="cancellationToken">Ends the wait; the key may be bound nevertheless.</param>
    /// <returns>To whom the key is bound: <paramref name="grantee"/>, or whoever came before.</returns>
    ValueTask<string> BindSharingKeyAsync(string sharingKeyId, string grantee, CancellationToken cancellationToken);

    /// <summary>Gets the master keys.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All versions, in ascending order; empty if there is none yet.</returns>
    ValueTask<IReadOnlyList<SealedMasterKey>> GetMasterKeysAsync(CancellationToken cancellationToken);

    /// <summary>Stores a version of the master key unless the store has that version already, so that all nodes agree on one.</summary>
    /// <param name="key">The new version.</param>
    /// <param name="cancellationToken">Ends the wait; the key may be stored nevertheless.</param>
    /// <returns>The key that the store has under this version: <paramref name="key"/>, or the one that was there before.</returns>
    ValueTask<SealedMasterKey> AddMasterKeyAsync(SealedMasterKey key, CancellationToken cancellationToken);

    /// <summary>Puts the same master key in another seal, unless somebody has changed its seal meanwhile.</summary>
    /// <param name="earlier">The key as the store gave it.</param>
    /// <param name="later">The key of the same version, sealed anew.</param>
    /// <param name="cancellationToken">Ends the wait; the seal may be replaced nevertheless.</param>
    /// <returns><see langword="true"/> if this call replaced it; <see langword="false"/> if the store has another seal than <paramref name="earlier"/>, or no such version.</returns>
    ValueTask<bool> TryResealMasterKeyAsync(SealedMasterKey earlier, SealedMasterKey later, CancellationToken cancellationToken);
}
