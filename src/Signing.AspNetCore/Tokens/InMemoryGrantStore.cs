namespace Signing.AspNetCore;

/// <summary>Keeps grants in the memory of this process, up to a limit.</summary>
/// <remarks>It forgets everything when the process ends: every token is then unknown, and every client logs in again.</remarks>
public sealed class InMemoryGrantStore : IGrantStore
{
    private readonly GrantTable _grants;

    /// <summary>Creates an empty store.</summary>
    /// <param name="capacity">How many grants it holds at once, at least 1; one client may hold a quarter of them, and half of what is free.</param>
    /// <param name="time">The clock; <see langword="null"/> means the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public InMemoryGrantStore(int capacity = TokenOptions.DefaultGrantCapacity, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _grants = new GrantTable(capacity, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(UInt128 id, out Grant? grant)
    {
        grant = _grants.Find(id);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Grant?> FindAsync(UInt128 id, CancellationToken cancellationToken) => new(_grants.Find(id));

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="grant"/> is <see langword="null"/>.</exception>
    public ValueTask<GrantInsertion> InsertAsync(Grant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new ValueTask<GrantInsertion>(_grants.Insert(grant));
    }

    /// <inheritdoc/>
    public ValueTask<GrantRotation> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken) =>
        new(_grants.Rotate(id, sequence, terms));

    /// <inheritdoc/>
    public ValueTask MarkUsedAsync(UInt128 id, int sequence, CancellationToken cancellationToken)
    {
        _grants.MarkUsed(id, sequence);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken) =>
        new(_grants.Revoke(id, reason));

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is <see langword="null"/>.</exception>
    public ValueTask<int> RevokeAllAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ValueTask<int>(_grants.RevokeAll(owner, value, reason));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="sharingKeyId"/> or <paramref name="grantee"/> is <see langword="null"/>.</exception>
    public ValueTask<string> BindSharingKeyAsync(string sharingKeyId, string grantee, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sharingKeyId);
        ArgumentNullException.ThrowIfNull(grantee);
        return new ValueTask<string>(_grants.Bind(sharingKeyId, grantee));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SealedMasterKey>> GetMasterKeysAsync(CancellationToken cancellationToken) => new(_grants.MasterKeys());

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    public ValueTask<SealedMasterKey> AddMasterKeyAsync(SealedMasterKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ValueTask<SealedMasterKey>(_grants.AddMasterKey(key));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="earlier"/> or <paramref name="later"/> is <see langword="null"/>.</exception>
    public ValueTask<bool> TryResealMasterKeyAsync(SealedMasterKey earlier, SealedMasterKey later, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        return new ValueTask<bool>(_grants.Reseal(earlier, later));
    }
}
