using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Signing.AspNetCore;

// The grants, master keys and bindings of one process: grants are read without a lock, all is changed under one. A store
// that also writes to the disk is told of each change under that lock, so that it writes them in their order.
internal sealed class GrantTable(int capacity, TimeProvider time, Action<JournalRow>? changed = null)
{
    // One client may hold a quarter, so that its endless logins cannot lock out the others.
    public const int SharesOfCapacity = 4;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<UInt128, Grant> _grants = new();

    // Every grant once, under an end it had: when that comes, the grant is forgotten, or put back under the end it has now.
    private readonly PriorityQueue<UInt128, DateTimeOffset> _ends = new();
    private readonly Dictionary<string, int> _grantsOfClient = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, SealedMasterKey> _masterKeys = [];
    private readonly Dictionary<string, string> _bindings = new(StringComparer.Ordinal);
    private int _count;

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

            return others.Concat(_grants.Select(entry => new JournalRow { Grant = entry.Value }));
        }
    }

    public Grant? Find(UInt128 id) => _grants.TryGetValue(id, out Grant? grant) ? grant : null;

    public GrantInsertion Insert(Grant grant)
    {
        lock (_gate)
        {
            Sweep(time.GetUtcNow());
            if (_count >= capacity || _grants.ContainsKey(grant.Id))
            {
                return GrantInsertion.Unavailable;
            }

            if (_grantsOfClient.GetValueOrDefault(grant.ClientKey) >= Math.Max(1, capacity / SharesOfCapacity))
            {
                return GrantInsertion.QuotaExceeded;
            }

            Add(grant);
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
            foreach ((_, Grant grant) in _grants)
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
            Sweep(time.GetUtcNow());
        }
    }

    private void Restore(Grant grant)
    {
        if (Find(grant.Id) is null)
        {
            Add(grant);
            return;
        }

        _grants[grant.Id] = grant;
    }

    private bool Replace(Grant earlier, Grant later)
    {
        if (ReferenceEquals(earlier, later))
        {
            return false;
        }

        _grants[later.Id] = later;
        changed?.Invoke(new JournalRow { Grant = later });
        return true;
    }

    private void Add(Grant grant)
    {
        _grants[grant.Id] = grant;
        _ends.Enqueue(grant.Id, grant.Ends);
        _grantsOfClient[grant.ClientKey] = _grantsOfClient.GetValueOrDefault(grant.ClientKey) + 1;
        _count++;
    }

    private void Sweep(DateTimeOffset now)
    {
        while (_ends.TryPeek(out UInt128 id, out DateTimeOffset end) && end <= now)
        {
            Grant grant = _grants[id];
            if (grant.Ends > now)
            {
                _ends.DequeueEnqueue(id, grant.Ends);
                continue;
            }

            _ends.Dequeue();
            Remove(grant);
        }
    }

    private void Remove(Grant grant)
    {
        _grants.TryRemove(grant.Id, out _);
        _count--;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_grantsOfClient, grant.ClientKey) == 0)
        {
            _grantsOfClient.Remove(grant.ClientKey);
        }
    }
}
