namespace Signing.AspNetCore;

// All that a file store holds in memory: the rows, what requests see of them, and the audit. One writer at a time; requests
// and look-ups of rows read without waiting.
internal sealed class CredentialLedger
{
    private readonly SecretSeal _seal;
    private readonly TimeProvider _time;
    private readonly CredentialTables _tables = new();
    private readonly LiveCredentials _live;
    private readonly AuditTrail _audit;
    private readonly Lock _gate = new();
    private byte[] _canary = [];
    private long _changes;

    public CredentialLedger(SecretSeal seal, AuditTrail audit, TimeProvider time)
    {
        _seal = seal;
        _audit = audit;
        _time = time;
        _live = new LiveCredentials(_tables, seal);
    }

    public LiveCredentials Live => _live;

    public CredentialTables Tables => _tables;

    public AuditTrail Audit => _audit;

    public ReadOnlyMemory<byte> Canary => _canary;

    // Counts the changes, so that a writer knows what it has written.
    public long Changes
    {
        get
        {
            lock (_gate)
            {
                return _changes;
            }
        }
    }

    // Gives how many rows time has ended meanwhile, and how many Secrets were sealed with an old key of the ring.
    public (int Settled, int Resealed) Load(CredentialDocument? document)
    {
        lock (_gate)
        {
            _canary = document?.Canary ?? _seal.SealCanary();
            _audit.Open(document);
            foreach (IStoredRow row in document?.Rows ?? [])
            {
                _tables.Put(row);
            }

            _live.Update();
            (int settled, int resealed) = (SettleCore(), Reseal());
            _changes += settled + resealed + _audit.Unwritten.Count + (document is null || ResealCanary() ? 1 : 0);
            return (settled, resealed);
        }
    }

    public ChangeStatus TryChange(StoreChange change, out long number)
    {
        lock (_gate)
        {
            number = _changes;
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
            _audit.Add(change.Audit);
            number = ++_changes;
            return ChangeStatus.Changed;
        }
    }

    public void MarkUsed(IReadOnlyCollection<SecretUse> uses)
    {
        lock (_gate)
        {
            foreach (SecretUse use in uses)
            {
                // What requests see does not change by it.
                IStoredRow? row = (IStoredRow?)_tables.Get<CredentialRecord>(use.Id) ?? _tables.Get<SharingKeyRecord>(use.Id);
                IStoredRow? used = row switch
                {
                    CredentialRecord credential => CredentialUses.Mark(credential, use.SecretVersion, use.Use).Credential,
                    SharingKeyRecord sharingKey => CredentialUses.Mark(sharingKey, use.Use),
                    _ => null,
                };
                if (used is not null && !ReferenceEquals(used, row))
                {
                    _tables.Put(used);
                    _changes++;
                }
            }
        }
    }

    // Destroys what time has ended.
    public void Settle()
    {
        lock (_gate)
        {
            _changes += SettleCore();
        }
    }

    public RowPage<AuditEvent> ListAudit(RowQuery query)
    {
        lock (_gate)
        {
            return RowList.Of(_audit.Latest, query, query.ApplicationId is { } application ? TargetsOf(application) : null);
        }
    }

    // What is to be on the disk now, and the number of the last change in it.
    public CredentialDocument ToDocument(out long number)
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            number = _changes;
            return new CredentialDocument
            {
                Format = CredentialDocument.CurrentFormat,
                Canary = _canary,
                LastEvent = _audit.LastNumber,
                Workspaces = [.. _tables.All<WorkspaceRecord>()],
                Applications = [.. _tables.All<ApplicationRecord>()],

                // What time has ended leaves the disk with each write. In memory it stays until the next tidying: a row that became another
                // version by somebody else's change would tell of it.
                Credentials = [.. _tables.All<CredentialRecord>().Select(credential => CredentialRules.Settle(credential, now).Credential)],
                SharingKeys = [.. _tables.All<SharingKeyRecord>()],
                Audit = _audit.Unwritten,
            };
        }
    }

    public void AuditWritten(int count)
    {
        lock (_gate)
        {
            _audit.Written(count);
        }
    }

    private HashSet<string> TargetsOf(string application) =>
        _tables.All<CredentialRecord>().Where(credential => credential.ApplicationId == application).Select(credential => credential.Id).Append(application).ToHashSet(StringComparer.Ordinal);

    private int SettleCore()
    {
        DateTimeOffset now = _time.GetUtcNow();
        RowEdit[] due =
        [
            .. from credential in _tables.All<CredentialRecord>()
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
        foreach (CredentialRecord credential in _tables.All<CredentialRecord>())
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

    // Or the start would one day be stopped for a key that is gone from the ring, although every Secret opens.
    private bool ResealCanary()
    {
        byte[]? renewed = _seal.RenewCanary(_canary);
        _canary = renewed ?? _canary;
        return renewed is not null;
    }

    private SecretRecord Reseal(string credentialId, SecretRecord secret) =>
        secret.Sealed is { } known && _seal.Renew(credentialId, secret.Version, known) is { } renewed ? secret with { Sealed = renewed } : secret;

    // The rows that are stored count, not what the maker of the change took them for.
    private void Apply(IReadOnlyList<RowEdit> edits)
    {
        RowEdit[] stored = [.. edits.Select(edit => edit with { Earlier = _tables.Stored(edit) })];
        for (int i = 0; i < stored.Length; i++)
        {
            stored[i] = stored[i] switch
            {
                { Earlier: CredentialRecord earlier, Later: CredentialRecord later } => stored[i] with { Later = CredentialUses.Keep(later, earlier) },
                { Earlier: SharingKeyRecord earlier, Later: SharingKeyRecord later } => stored[i] with { Later = CredentialUses.Keep(later, earlier) },
                _ => stored[i],
            };
            _tables.Apply(stored[i]);
        }

        Array.ForEach(stored, _live.Update);
    }
}
