using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signing.AspNetCore;

/// <summary>Keeps credentials in memory and in one file, with the audit beside it: the store of a host that runs as one process.</summary>
/// <remarks>
/// A change is on the disk before it is confirmed: the file is written anew beside the old one, flushed, and put in its place.
/// Changes that come while one is being written are written together. If writing fails, the change is in force in this process,
/// and the next one writes it too; until then whoever tries it again is told of the failure, and not that it is done. One process at a time may use the file, on a local disk;
/// only Secrets that are sealed, and hashes, stand in it. The latest <see cref="MaxEvents"/> events can be listed; the file has all.
/// </remarks>
public sealed class FileCredentialStore : ICredentialStore, IDisposable
{
    /// <summary>How many events of the audit are kept in memory, to be listed.</summary>
    public const int MaxEvents = 100_000;

    /// <summary>How long last uses may be in memory only, and Secrets that time has ended still in the file, where nothing else is written: 5 minutes.</summary>
    public static readonly TimeSpan TidyInterval = TimeSpan.FromMinutes(5);

    private readonly CredentialLedger _ledger;
    private readonly CredentialFileWriter _writer;
    private readonly FileLock _lock;
    private readonly ITimer _tidying;

    private FileCredentialStore(FileLock fileLock, CredentialFileWriter writer, CredentialLedger ledger, TimeProvider time)
    {
        _lock = fileLock;
        _writer = writer;
        _ledger = ledger;
        _tidying = time.CreateTimer(static writer => ((CredentialFileWriter)writer!).Tidy(), writer, Timeout.InfiniteTimeSpan, TidyInterval);
    }

    /// <summary>Opens the file, or makes a new one; does what time has decided meanwhile, and seals Secrets anew that were sealed with an old key of the ring.</summary>
    /// <param name="path">The file; a missing directory is made.</param>
    /// <param name="seal">The key ring that seals the Secrets.</param>
    /// <param name="time">The clock; <see langword="null"/> means the system's.</param>
    /// <param name="logger">Learns what opening has changed; <see langword="null"/> keeps silent.</param>
    /// <returns>The store, which holds the file until it is disposed of.</returns>
    /// <exception cref="CredentialStoreException">Another process uses the file, it is damaged, or the key ring is not the one it was written with; the file is unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static FileCredentialStore Open(string path, SecretSeal seal, TimeProvider? time = null, ILogger<FileCredentialStore>? logger = null) =>
        Open(path, seal, time ?? TimeProvider.System, logger ?? (ILogger)NullLogger.Instance, new Disk());

    internal static FileCredentialStore Open(string path, SecretSeal seal, TimeProvider time, ILogger logger, Disk disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(seal);
        path = Path.GetFullPath(path);
        var file = new CredentialFile(path, disk);
        FileLock fileLock = file.Lock();
        bool opened = false;
        try
        {
            var ledger = new CredentialLedger(seal, new AuditTrail(new AuditFile(path + AuditFile.Ending, disk)), time);
            (int count, int settled, int resealed) = file.Load(ledger, seal);
            var writer = new CredentialFileWriter(file, fileLock, ledger, logger);
            if (ledger.Changes > 0)
            {
                writer.Write();
            }

            var store = new FileCredentialStore(fileLock, writer, ledger, time);
            store._tidying.Change(TidyInterval, TidyInterval);
            logger.CredentialFileOpened(path, count, settled, resealed);
            opened = true;
            return store;
        }
        finally
        {
            if (!opened)
            {
                fileLock.Dispose();
            }
        }
    }

    internal CredentialFileState State => _writer.State;

    internal ReadOnlyMemory<byte> Canary => _ledger.Canary;

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
    {
        credential = _ledger.Live.Find(key);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => new(_ledger.Live.Find(key));

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(in TokenHash hash, out Credential? token)
    {
        token = _ledger.Live.Find(hash);
        return true;
    }

    /// <inheritdoc/>
    ValueTask<Credential?> IApiTokenSource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => new(_ledger.Live.Find(hash));

    /// <inheritdoc/>
    ValueTask<SharingKey?> ISharingKeySource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => new(_ledger.Live.FindSharingKey(hash));

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(string id, out SharingKey? key)
    {
        key = _ledger.Live.FindSharingKey(id);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken) => new(_ledger.Live.FindSharingKey(id));

    /// <inheritdoc/>
    public ValueTask<T?> GetAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(id);
        T? row = _ledger.Tables.Get<T>(id);
        return row is null && _writer.State == CredentialFileState.NotWritten ? GoneAsync<T>(cancellationToken) : new(row);
    }

    /// <summary>Waits until every change before is in the file, and writes what is not.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal ValueTask WrittenAsync(CancellationToken cancellationToken) => _writer.WriteAsync(_ledger.Changes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RowPage<T>> ListAsync<T>(RowQuery query, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(RowList.Of(_ledger.Tables.All<T>(), query));
    }

    /// <inheritdoc/>
    public async ValueTask<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ChangeStatus status = _ledger.TryChange(change, out long number);

        // A refusal may rest on a change that could not be written: whoever tries that again must not take it for done.
        await _writer.WriteAsync(number, cancellationToken).ConfigureAwait(false);
        return status;
    }

    /// <inheritdoc/>
    /// <returns>A completed task: uses reach the disk with the next change, within <see cref="TidyInterval"/>, or when the store is disposed of.</returns>
    public ValueTask MarkUsedAsync(IReadOnlyCollection<SecretUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        _ledger.MarkUsed(uses);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<RowPage<AuditEvent>> ListAuditAsync(RowQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(_ledger.ListAudit(query));
    }

    /// <summary>Writes what is left, and lets another process have the file.</summary>
    public void Dispose()
    {
        _tidying.Dispose();
        try
        {
            _writer.Dispose();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    // Whoever is told that a row is gone must not find it again after the next start.
    private async ValueTask<T?> GoneAsync<T>(CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        await WrittenAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }
}
