using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Signing.AspNetCore;

// The grants of a table until they end: read by anybody at any time, changed by one at a time.
internal sealed class GrantRows
{
    private readonly ConcurrentDictionary<UInt128, Grant> _grants = new();

    // Every grant once, under an end it had: when that comes, the grant is forgotten, or put back under the end it has now.
    private readonly PriorityQueue<UInt128, DateTimeOffset> _ends = new();
    private readonly Dictionary<string, int> _grantsOfClient = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    // What changes meanwhile may come in its former version.
    public IEnumerable<Grant> All => _grants.Select(entry => entry.Value);

    public Grant? Find(UInt128 id) => _grants.TryGetValue(id, out Grant? grant) ? grant : null;

    public int CountOf(string client) => _grantsOfClient.GetValueOrDefault(client);

    public void Add(Grant grant)
    {
        _grants[grant.Id] = grant;
        _ends.Enqueue(grant.Id, grant.Ends);
        _grantsOfClient[grant.ClientKey] = CountOf(grant.ClientKey) + 1;
        Count++;
    }

    public void Replace(Grant later) => _grants[later.Id] = later;

    // What has ended.
    public void Forget(DateTimeOffset now)
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
        Count--;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_grantsOfClient, grant.ClientKey) == 0)
        {
            _grantsOfClient.Remove(grant.ClientKey);
        }
    }
}
