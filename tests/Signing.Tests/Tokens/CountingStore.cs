using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

/// <summary>A store that counts what it is asked, behaves as one that is reached over a network, and fails when told to.</summary>
internal sealed class CountingStore(IGrantStore inner) : IGrantStore
{
    private int _calls;

    public int Calls => _calls;

    /// <summary>Gets or sets whether nothing is in memory, so that each call really waits.</summary>
    public bool IsRemote { get; set; }

    public Exception? Failure { get; set; }

    public void Clear() => _calls = 0;

    public bool TryGetCached(UInt128 id, out Grant? grant)
    {
        grant = null;
        if (IsRemote)
        {
            return false;
        }

        Count();
        return inner.TryGetCached(id, out grant);
    }

    public async ValueTask<Grant?> FindAsync(UInt128 id, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.FindAsync(id, cancellationToken);
    }

    public async ValueTask<GrantInsertion> InsertAsync(Grant grant, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.InsertAsync(grant, cancellationToken);
    }

    public async ValueTask<GrantRotation> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.TryRotateAsync(id, sequence, terms, cancellationToken);
    }

    public async ValueTask MarkUsedAsync(UInt128 id, int sequence, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        await inner.MarkUsedAsync(id, sequence, cancellationToken);
    }

    public async ValueTask<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.RevokeAsync(id, reason, cancellationToken);
    }

    public async ValueTask<int> RevokeAllAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.RevokeAllAsync(owner, value, reason, cancellationToken);
    }

    public async ValueTask<string> BindSharingKeyAsync(string sharingKeyId, string grantee, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.BindSharingKeyAsync(sharingKeyId, grantee, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<SealedMasterKey>> GetMasterKeysAsync(CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.GetMasterKeysAsync(cancellationToken);
    }

    public async ValueTask<SealedMasterKey> AddMasterKeyAsync(SealedMasterKey key, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.AddMasterKeyAsync(key, cancellationToken);
    }

    public async ValueTask<bool> TryResealMasterKeyAsync(SealedMasterKey earlier, SealedMasterKey later, CancellationToken cancellationToken)
    {
        await ReachAsync(cancellationToken);
        return await inner.TryResealMasterKeyAsync(earlier, later, cancellationToken);
    }

    private async ValueTask ReachAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsRemote)
        {
            await Task.Yield();
        }

        Count();
    }

    private void Count()
    {
        Interlocked.Increment(ref _calls);
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
