using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signing.AspNetCore;

/// <summary>Keeps credentials in memory and in one file, with the audit beside it: the store of a host that runs as one process.</summary>
/// <remarks>
/// A change is on the disk before it is confirmed: the file is written anew beside the old one, flushed, and put in its place.
/// Changes that come while one is being written are written together. If writing fails, the change is in force in this process,
/// and the next one writes it too. One process at a time may use the file, on a local disk;
/// only Secrets that are sealed, and hashes, stand in it. The latest <see cref="MaxEvents"/> events can be listed; the file has all.
/// </remarks>
public sealed class FileCredentialStore : ICredentialStore, IDisposable
{
    /// <summary>How many events of the audit are kept in memory, to be listed.</summary>
    public const int MaxEvents = 100_000;

    private readonly CredentialFile _file;
    private readonly AuditFile _auditFile;
    private readonly SecretSeal _seal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CredentialTables _tables = new();
    private readonly LiveCredentials _live;
    private readonly FileStream _lock;
    private readonly Lock _gate = new();

    // Of whoever writes; the others wait for it.
    private readonly SemaphoreSlim _writer = new(1, 1);

    private readonly Queue<AuditEvent> _events = new();
    private List<AuditEvent> _unwritten = [];
    private byte[] _canary = [];
    private long _lastEvent;
    private long _changes;
    private long _written;

    private FileCredentialStore(string path, FileStream fileLock, CredentialFile file, JournalDisk disk, SecretSeal seal, TimeProvider time, ILogger logger)
    {
        _lock = fileLock;
        _file = file;
        _auditFile = new AuditFile(path + AuditFile.Ending, disk);
        _seal = seal;
        _time = time;
        _logger = logger;
        _live = new LiveCredentials(_tables, seal);
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
        Open(path, seal, time ?? TimeProvider.System, logger ?? (ILogger)NullLogger.Instance, new JournalDisk());

    internal static FileCredentialStore Open(string path, SecretSeal seal, TimeProvider time, ILogger logger, JournalDisk disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(seal);
        path = Path.GetFullPath(path);
        var file = new CredentialFile(path, disk);
        var store = new FileCredentialStore(path, file.Lock(), file, disk, seal, time, logger);
        bool opened = false;
        try
        {
            store.Read(path);
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

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
    {
        credential = _live.Find(key);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => new(_live.Find(key));

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(in TokenHash hash, out Credential? token)
    {
        token = _live.Find(hash);
        return true;
    }

    /// <inheritdoc/>
    ValueTask<Credential?> IApiTokenSource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => new(_live.Find(hash));

    /// <inheritdoc/>
    ValueTask<SharingKey?> ISharingKeySource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => new(_live.FindSharingKey(hash));

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(string id, out SharingKey? key)
    {
        key = _live.FindSharingKey(id);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken) => new(_live.FindSharingKey(id));

    /// <inheritdoc/>
    public ValueTask<T?> GetAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(id);
        return new(_tables.Get<T>(id));
    }

    /// <inheritdoc/>
    public ValueTask<RowPage<T>> ListAsync<T>(RowQuery query, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(RowList.Of(_tables.All<T>(), query));
    }

    /// <inheritdoc/>
    public async ValueTask<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        long number;
        lock (_gate)
        {
            ChangeStatus status = _tables.Check(change.Edits);
            if (status != ChangeStatus.Changed)
            {
                return status;
            }

            // Before anything changes: a Secret that does not open was not sealed for this row by this key ring.
            foreach (RowEdit edit in change.Edits)
            {
                _live.Prepare(edit.Later as CredentialRecord);
            }

            Apply(change.Edits);
            foreach (AuditEvent entry in change.Audit)
            {
                Note(entry with { Number = ++_lastEvent });
            }

            number = ++_changes;
        }

        await WriteAsync(number, cancellationToken).ConfigureAwait(false);
        return ChangeStatus.Changed;
    }

    /// <inheritdoc/>
    /// <returns>A completed task: uses reach the disk with the next change, or when the store is disposed of.</returns>
    public ValueTask MarkUsedAsync(IReadOnlyCollection<SecretUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        lock (_gate)
        {
            foreach (SecretUse use in uses)
            {
                if (_tables.Credential(use.CredentialId) is { } credential
                    && CredentialRules.MarkUsed(credential, use.SecretVersion, use.Use) is { Status: ChangeStatus.Changed } used)
                {
                    // What requests ask for does not change by it.
                    _tables.Put(used.Credential);
                    _changes++;
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<RowPage<AuditEvent>> ListAuditAsync(RowQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate)
        {
            return new(RowList.Of(_events, query));
        }
    }

    /// <summary>Writes what is left, and lets another process have the file.</summary>
    public void Dispose()
    {
        _writer.Wait();
        try
        {
            if (_written < _changes)
            {
                Write();
            }
        }
        finally
        {
            _lock.Dispose();
            _writer.Dispose();
        }
    }

    private void Read(string path)
    {
        List<AuditEvent> events = _auditFile.Open();
        CredentialDocument? document = _file.Read();
        if (document is null)
        {
            _canary = _seal.SealCanary();
            _lastEvent = events.Count == 0 ? 0 : events[^1].Number;
            events.ForEach(Keep);
            _changes++;
            Write();
            return;
        }

        if (!_seal.OpensCanary(document.Canary))
        {
            throw new CredentialStoreException(
                CredentialStoreFault.WrongKeyRing,
                $"The Secrets in {path} do not open with this host's Data Protection key ring. Give the host the key ring and the application name that it had when the file was written "
                + "(PersistKeysTo…, SetApplicationName).");
        }

        _canary = document.Canary;
        _lastEvent = document.LastEvent;
        foreach (IStoredRow row in (IEnumerable<IStoredRow>)[.. document.Workspaces, .. document.Applications, .. document.Credentials, .. document.SharingKeys])
        {
            _tables.Put(row);
        }

        long last = events.Count == 0 ? 0 : events[^1].Number;
        _unwritten = [.. document.Audit.Where(entry => entry.Number > last)];
        events.ForEach(Keep);
        _unwritten.ForEach(Keep);
        int settled = Settle();
        int resealed = Reseal();
        _live.Update();
        _logger.CredentialFileOpened(path, document.Credentials.Count, settled, resealed);
        _changes += settled + resealed;
        if (_changes > 0 || _unwritten.Count > 0)
        {
            Write();
        }
    }

    private int Settle()
    {
        DateTimeOffset now = _time.GetUtcNow();
        RowEdit[] due =
        [
            .. from credential in _tables.Credentials
               let change = CredentialRules.Settle(credential, now)
               where change.Status == ChangeStatus.Changed
               select new RowEdit(credential, change.Credential)
        ];
        Apply(due);
        return due.Length;
    }

    private int Reseal()
    {
        int count = 0;
        foreach (CredentialRecord credential in _tables.Credentials)
        {
            SecretRecord[] secrets = [.. credential.Secrets.Select(secret => Reseal(credential.Id, secret))];
            if (!secrets.SequenceEqual(credential.Secrets))
            {
                count++;
                _tables.Put(credential with { Secrets = secrets });
            }
        }

        return count;
    }

    private SecretRecord Reseal(string credentialId, SecretRecord secret) =>
        secret.Sealed is { } known && _seal.Renew(credentialId, secret.Version, known) is { } renewed ? secret with { Sealed = renewed } : secret;

    private void Apply(IReadOnlyList<RowEdit> edits)
    {
        foreach (RowEdit edit in edits)
        {
            bool isEdited = edit is { Earlier: CredentialRecord, Later: CredentialRecord };
            _tables.Apply(isEdited ? edit with { Later = CredentialRules.KeepUses((CredentialRecord)edit.Later!, _tables.Credential(edit.Later!.Id)!) } : edit);
        }

        foreach (RowEdit edit in edits)
        {
            _live.Update(edit);
        }
    }

    private void Note(AuditEvent entry)
    {
        Keep(entry);
        _unwritten.Add(entry);
    }

    private void Keep(AuditEvent entry)
    {
        _events.Enqueue(entry);
        if (_events.Count > MaxEvents)
        {
            _events.Dequeue();
        }
    }

    // Whoever comes first writes for all who came before it was their turn.
    private async ValueTask WriteAsync(long number, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_written < number)
            {
                await Task.Run(Write, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    private void Write()
    {
        CredentialDocument document;
        long number;
        lock (_gate)
        {
            Settle();
            number = _changes;
            document = new CredentialDocument
            {
                Format = CredentialDocument.CurrentFormat,
                Canary = _canary,
                LastEvent = _lastEvent,
                Workspaces = [.. _tables.Workspaces],
                Applications = [.. _tables.Applications],
                Credentials = [.. _tables.Credentials],
                SharingKeys = [.. _tables.SharingKeys],
                Audit = [.. _unwritten],
            };
        }

        _file.Write(document);
        _written = number;
        if (document.Audit.Count == 0)
        {
            return;
        }

        // The document has the events already: should this fail, they are in the next one, or found when the file is opened.
        _auditFile.Append(document.Audit);
        lock (_gate)
        {
            _unwritten.RemoveRange(0, document.Audit.Count);
        }
    }
}
