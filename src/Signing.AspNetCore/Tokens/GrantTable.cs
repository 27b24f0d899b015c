namespace Signing.AspNetCore;

// The grants, master keys and bindings of one process: grants are read without a lock, all is changed under one. A store
// that also writes to the disk is told of each change under that lock, so that it writes them in their order.
internal sealed class GrantTable(int capacity, TimeProvider time, Action<JournalRow>? changed = null)
{
    // One client may hold a quarter, so that its endless logins cannot lock out the others, and no more than half of what is
    // free, so that it takes dozens of such clients.
    private const int QuarterOfAll = 4;
    private const int HalfOfFree = 2;

    private readonly Lock _gate = new();
    private readonly GrantRows _grants = new();
    private readonly SortedDictionary<int, SealedMasterKey> _masterKeys = [];
    private readonly Dictionary<string, string> _bindings = new(StringComparer.Ordinal);

    // All there is, master keys first; what changes meanwhile may come in its former version.
    public IEnumerable<JournalRow> Rows
    {
        get
        {
            List<JournalRow> others;
            lock (_gate)
            {
                others =
                [
                    .. _masterKeys.Values.Select(key => new JournalRow { MasterKey = key }),
                    .. _bindings.Select(binding => new JournalRow { Binding = new SharingKeyBinding { SharingKeyId = binding.Key, Grantee = binding.Value } }),
                ];
            }

            return others.Concat(_grants.All.Select(grant => new JournalRow { Grant = grant }));
        }
    }

    public Grant? Find(UInt128 id) => _grants.Find(id);

    public GrantInsertion Insert(Grant grant)
    {
        lock (_gate)
        {
            _grants.Forget(time.GetUtcNow());
            if (_grants.Count >= capacity || Find(grant.Id) is not null)
            {
                return GrantInsertion.Unavailable;
            }

            if (_grants.CountOf(grant.ClientKey) >= Math.Max(1, Math.Min(capacity / QuarterOfAll, (capacity - _grants.Count) / HalfOfFree)))
            {
                return GrantInsertion.QuotaExceeded;
            }

            _grants.Add(grant);
            changed?.Invoke(new JournalRow { Grant = grant });
            return GrantInsertion.Inserted;
        }
    }

    public GrantRotation Rotate(UInt128 id, int sequence, GrantTerms terms)
    {
        lock (_gate)
        {
            if (Find(id) is not { } grant)
            {
                return new GrantRotation(GrantRotationStatus.Unknown);
            }

            GrantRotation rotation = grant.Rotate(sequence, terms, time.GetUtcNow());
            if (rotation.Status == GrantRotationStatus.Rotated)
            {
                rotation.Grant!.IsUnconfirmed = changed is not null;
            }

            Replace(grant, rotation.Grant!);
            return rotation;
        }
    }

    public void MarkUsed(UInt128 id, int sequence)
    {
        lock (_gate)
        {
            if (Find(id) is { } grant)
            {
                Replace(grant, grant.MarkUsed(sequence));
            }
        }
    }

    public bool Revoke(UInt128 id, RevocationReason reason)
    {
        lock (_gate)
        {
            return Find(id) is { } grant && Replace(grant, grant.Revoke(reason, time.GetUtcNow()));
        }
    }

    public int RevokeAll(GrantOwner owner, string value, RevocationReason reason)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            int revoked = 0;
            foreach (Grant grant in _grants.All)
            {
                if (grant.Belongs(owner, value) && Replace(grant, grant.Revoke(reason, now)))
                {
                    revoked++;
                }
            }

            return revoked;
        }
    }

    public string Bind(string sharingKeyId, string grantee)
    {
        lock (_gate)
        {
            if (_bindings.TryGetValue(sharingKeyId, out string? earlier))
            {
                return earlier;
            }

            _bindings.Add(sharingKeyId, grantee);
            changed?.Invoke(new JournalRow { Binding = new SharingKeyBinding { SharingKeyId = sharingKeyId, Grantee = grantee } });
            return grantee;
        }
    }

    public IReadOnlyList<SealedMasterKey> MasterKeys()
    {
        lock (_gate)
        {
            return [.. _masterKeys.Values];
        }
    }

    public SealedMasterKey AddMasterKey(SealedMasterKey key)
    {
        lock (_gate)
        {
            if (_masterKeys.TryGetValue(key.Version, out SealedMasterKey? earlier))
            {
                return earlier;
            }

            _masterKeys.Add(key.Version, key);
            changed?.Invoke(new JournalRow { MasterKey = key });
            return key;
        }
    }

    public bool Reseal(SealedMasterKey earlier, SealedMasterKey later)
    {
        lock (_gate)
        {
            if (!_masterKeys.TryGetValue(earlier.Version, out SealedMasterKey? current) || later.Version != earlier.Version || !current.Sealed.SequenceEqual(earlier.Sealed))
            {
                return false;
            }

            _masterKeys[later.Version] = later;
            changed?.Invoke(new JournalRow { MasterKey = later });
            return true;
        }
    }

    // What was stored before, whatever the limits are now: nothing that lasts is lost by it, and nobody is told.
    public void Restore(JournalRow row)
    {
        lock (_gate)
        {
            if (row.MasterKey is { } key)
            {
                _masterKeys[key.Version] = key;
            }

            if (row.Binding is { } binding)
            {
                _bindings.TryAdd(binding.SharingKeyId, binding.Grantee);
            }

            if (row.Grant is { } grant)
            {
                Restore(grant);
            }
        }
    }

    public void Sweep()
    {
        lock (_gate)
        {
            _grants.Forget(time.GetUtcNow());
        }
    }

    private void Restore(Grant grant)
    {
        if (Find(grant.Id) is not { } earlier)
        {
            _grants.Add(grant);
            return;
        }

        // Nothing undoes a revocation, so a row that would stands where it was not written, or tells of what came before.
        if (!earlier.IsRevoked || grant.IsRevoked)
        {
            _grants.Replace(grant);
        }
    }

    private bool Replace(Grant earlier, Grant later)
    {
        if (ReferenceEquals(earlier, later))
        {
            return false;
        }

        _grants.Replace(later);
        changed?.Invoke(new JournalRow { Grant = later });
        return true;
    }
}
