using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signing.AspNetCore;

/// <summary>Keeps grants in memory and in an append-only file, so that they outlast the process.</summary>
/// <remarks>
/// Each change is on the disk before it is confirmed. The file is compacted when it is opened, and when it has grown to a
/// multiple of what it holds. One process at a time may use it, on a local disk: a second one is refused. The file holds the
/// Keys of clients and the sealed master key, but no token; its directory must be writable and belong to the host alone.
/// </remarks>
public sealed class JournalGrantStore : IGrantStore, IDisposable
{
    private readonly GrantTable _grants;
    private readonly JournalFile _file;
    private readonly FileLock _lock;

    private JournalGrantStore(string path, FileLock fileLock, int capacity, TimeProvider time, ILogger logger, Disk disk, long minCompaction)
    {
        _lock = fileLock;
        _grants = new GrantTable(capacity, time, Append);
        _file = new JournalFile(path, fileLock, _grants, disk, logger, minCompaction);
    }

    /// <summary>Opens the file, or makes a new one, reads it and compacts it.</summary>
    /// <param name="path">The file; a missing directory is made.</param>
    /// <param name="capacity">How many grants it holds at once, at least 1; one client may hold a quarter of them, and half of what is free.</param>
    /// <param name="time">The clock; <see langword="null"/> means the system's.</param>
    /// <param name="logger">Learns of a torn last line and of failures to write; <see langword="null"/> keeps silent.</param>
    /// <returns>The store, which holds the file until it is disposed of.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    /// <exception cref="TokenStartException">Another process uses the file, or a line other than the last one is damaged; the file is unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static JournalGrantStore Open(
        string path, int capacity = TokenOptions.DefaultGrantCapacity, TimeProvider? time = null, ILogger<JournalGrantStore>? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return Open(path, capacity, time ?? TimeProvider.System, logger ?? (ILogger)NullLogger.Instance, new Disk());
    }

    internal static JournalGrantStore Open(
        string path, int capacity, TimeProvider time, ILogger logger, Disk disk, long minCompaction = JournalFile.MinCompaction)
    {
        path = Path.GetFullPath(path);
        disk.MakeDirectoryOf(path);
        JournalGrantStore store = new(path, Lock(path, disk), capacity, time, logger, disk, minCompaction);
        bool opened = false;
        try
        {
            store.Read(path, logger, disk);
            store._file.Replace();
            opened = true;
            return store;
        }
        finally
        {
            if (!opened)
            {
                store.Dispose();
            }
        }
    }

    internal static FileLock Lock(string path, Disk disk) => disk.Lock(path, exception => new TokenStartException(
        TokenStartFault.JournalLocked,
        $"The journal of grants {path} is in use. One process at a time may write it: stop the other one, or give this one a path of its own. Nodes that share tokens need a store that they share.",
        exception));

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
        return LastingAsync(_grants.Insert(grant), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<GrantRotation> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken)
    {
        GrantRotation rotation = await LastingAsync(_grants.Rotate(id, sequence, terms), cancellationToken).ConfigureAwait(false);
        if (rotation.Status is GrantRotationStatus.Rotated or GrantRotationStatus.SameSuccessor)
        {
            rotation.Grant!.IsUnconfirmed = false;
        }

        return rotation;
    }

    /// <inheritdoc/>
    public ValueTask MarkUsedAsync(UInt128 id, int sequence, CancellationToken cancellationToken)
    {
        _grants.MarkUsed(id, sequence);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken) =>
        LastingAsync(_grants.Revoke(id, reason), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is <see langword="null"/>.</exception>
    public ValueTask<int> RevokeAllAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        return LastingAsync(_grants.RevokeAll(owner, value, reason), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="sharingKeyId"/> or <paramref name="grantee"/> is <see langword="null"/>.</exception>
    public ValueTask<string> BindSharingKeyAsync(string sharingKeyId, string grantee, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sharingKeyId);
        ArgumentNullException.ThrowIfNull(grantee);
        return LastingAsync(_grants.Bind(sharingKeyId, grantee), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SealedMasterKey>> GetMasterKeysAsync(CancellationToken cancellationToken) =>
        LastingAsync(_grants.MasterKeys(), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    public ValueTask<SealedMasterKey> AddMasterKeyAsync(SealedMasterKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return LastingAsync(_grants.AddMasterKey(key), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="earlier"/> or <paramref name="later"/> is <see langword="null"/>.</exception>
    public ValueTask<bool> TryResealMasterKeyAsync(SealedMasterKey earlier, SealedMasterKey later, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        return LastingAsync(_grants.Reseal(earlier, later), cancellationToken);
    }

    /// <summary>Writes what is left to write, after a failure the whole file anew, and throws what keeps it from that.</summary>
    internal Task WrittenAsync() => _file.FlushedAsync();

    /// <summary>Writes what is left, and lets another process have the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private void Read(string path, ILogger logger, Disk disk)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using FileStream file = disk.Acquire(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (!JournalReader.Read(file, path, _grants))
        {
            logger.JournalTorn(path);
        }
    }

    private void Append(JournalRow row) => _file.Append(row);

    // An answer may rest on a change of somebody else's that is not on the disk yet, so every one waits for all before it.
    private async ValueTask<T> LastingAsync<T>(T answer, CancellationToken cancellationToken)
    {
        await _file.FlushedAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer;
    }
}
