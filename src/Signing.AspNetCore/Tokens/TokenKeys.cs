using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Makes, opens and rotates the master key that all tokens are made with.</summary>
public sealed class TokenKeys : IDisposable
{
    // Whoever makes up a version can have the store asked so often and no more.
    private static readonly TimeSpan FollowInterval = TimeSpan.FromSeconds(1);

    private readonly IGrantStore _store;
    private readonly MasterKeySeal _seal;
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _followGate = new();
    private volatile TokenKeySet? _keys;
    private Task _following = Task.CompletedTask;
    private long? _followed;

    internal TokenKeys(IGrantStore store, IDataProtectionProvider protection, TokenOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _seal = new MasterKeySeal(protection);
        _options = options;
        _time = time;
        _logger = logger;
    }

    // A store of one process has no version that this process has not made or read.
    internal bool HasOtherNodes => _store is not (InMemoryGrantStore or JournalGrantStore);

    internal TokenKeySet Current => _keys ?? throw new InvalidOperationException("The master key is read when the host starts; start it first.");

    /// <summary>Makes a new version of the master key, which makes all tokens from now on; tokens of the version before are accepted until they expire.</summary>
    /// <param name="cancellationToken">Ends the wait; the new version may exist nevertheless.</param>
    /// <returns>The version that makes tokens now.</returns>
    /// <exception cref="TokenStartException">The key ring cannot open what another node has made.</exception>
    /// <remarks>Rotating twice within the lifetime of a refresh token is safe: every version stays until its last token has expired.</remarks>
    public async ValueTask<int> RotateAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<SealedMasterKey> stored = await _store.GetMasterKeysAsync(cancellationToken).ConfigureAwait(false);
            await AddAsync(stored.Count == 0 ? 1 : stored[^1].Version + 1, cancellationToken).ConfigureAwait(false);
            await ReadAsync(cancellationToken).ConfigureAwait(false);
            _logger.MasterKeyRotated(Current.CurrentVersion);
            return Current.CurrentVersion;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        foreach (SigningKey key in _keys?.All ?? [])
        {
            key.Dispose();
        }

        _gate.Dispose();
    }

    // Reads what the store has, and makes the first version if it has none. Of two nodes that start at once, one inserts it.
    internal async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if ((await _store.GetMasterKeysAsync(cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                await AddAsync(version: 1, cancellationToken).ConfigureAwait(false);
            }

            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    // Reads what other nodes have made. Before the host has read its keys there is nothing to follow.
    internal async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_keys is null)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    // The same for a token that names a later version, before anybody knows whether it is one of ours: all who ask while a
    // reading is under way wait for that one, and another begins a second later. False if what was read may be older than
    // the question, so that a version that is still unknown may exist.
    internal async ValueTask<bool> TryFollowAsync(CancellationToken cancellationToken)
    {
        Task following;
        bool isLater = false;
        lock (_followGate)
        {
            if (_following.IsCompleted && (_followed is not { } last || _time.GetElapsedTime(last) >= FollowInterval))
            {
                _followed = _time.GetTimestamp();
                _following = Task.Run(() => FollowAsync(CancellationToken.None), CancellationToken.None);
                isLater = true;
            }

            following = _following;
        }

        await following.WaitAsync(cancellationToken).ConfigureAwait(false);
        return isLater;
    }

    private async ValueTask AddAsync(int version, CancellationToken cancellationToken)
    {
        byte[] master = RandomNumberGenerator.GetBytes(MasterKeySeal.MasterKeySize);
        try
        {
            var key = new SealedMasterKey { Version = version, Sealed = _seal.Seal(version, master), Created = _time.GetUtcNow() };
            await _store.AddMasterKeyAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(master);
        }
    }

    // A version ends when the last token that it made has: one lifetime of a refresh token after the next version was made.
    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SealedMasterKey> stored = await _store.GetMasterKeysAsync(cancellationToken).ConfigureAwait(false);
        if (stored.Count == 0)
        {
            throw new InvalidOperationException("The grant store has lost the master keys that it had.");
        }

        DateTimeOffset now = _time.GetUtcNow();
        List<(int Version, SigningKey[] Keys, DateTimeOffset Until)> versions = [];
        for (int i = 0; i < stored.Count; i++)
        {
            DateTimeOffset until = i == stored.Count - 1 ? DateTimeOffset.MaxValue : GrantTerms.EndOf(stored[i + 1].Created, _options.RefreshLifetime);
            if (now < until)
            {
                versions.Add((stored[i].Version, _keys?.KeysOf(stored[i].Version) ?? await OpenAsync(stored[i], cancellationToken).ConfigureAwait(false), until));
            }
        }

        _keys = new TokenKeySet(versions);
    }

    private async ValueTask<SigningKey[]> OpenAsync(SealedMasterKey key, CancellationToken cancellationToken)
    {
        byte[]? master = null;
        try
        {
            master = _seal.Open(key, out bool isOldSeal);
            if (isOldSeal)
            {
                // Of several nodes one replaces it, and the others have the same key in the seal they read.
                var later = new SealedMasterKey { Version = key.Version, Sealed = _seal.Seal(key.Version, master), Created = key.Created };
                await _store.TryResealMasterKeyAsync(key, later, cancellationToken).ConfigureAwait(false);
            }

            return TokenKeySet.Derive(master, key.Version, _options.Issuer!.AbsoluteUri);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(master);
        }
    }
}
