namespace Signing;

// How many keys keep keyed states, so that a host with a hundred thousand keys does not hold as many native contexts.
// A second-chance clock: the hand passes over a key used since its last round and evicts the first that was not.
// Holds its keys weakly: a key that nobody disposed of takes its states with it when it is collected.
internal sealed class KeyedHashCap(int maxKeys)
{
    // Keys that keep states at once, in the whole process.
    public const int MaxKeys = 1024;

    // Places one call looks at before it gives up: the bound on its work.
    public const int MaxProbes = 16;

    // MACs computed in one shot before a key may evict another, so that many keys used in turn do not spend more on
    // creating states than the states save.
    public const int MissesBeforeEviction = 16;

    private readonly WeakReference<KeyedHash>?[] _places = new WeakReference<KeyedHash>?[maxKeys];
    private readonly object _gate = new();
    private int _hand;

    public static KeyedHashCap Shared { get; } = new(MaxKeys);

    // False: compute in one shot. Never waits: while another key is being admitted, one shot is faster than the lock.
    public bool TryAdmit(KeyedHash key, int misses)
    {
        if (key.IsClosed || !Monitor.TryEnter(_gate))
        {
            return false;
        }

        try
        {
            return key.KeepsStates || TryAdmitCore(key, misses);
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private bool TryAdmitCore(KeyedHash key, int misses)
    {
        int probes = Math.Min(MaxProbes, _places.Length);
        for (int probe = 0; probe < probes; probe++)
        {
            ref WeakReference<KeyedHash>? place = ref _places[_hand];
            _hand = (_hand + 1) % _places.Length;
            KeyedHash? kept = null;
            if (place is not null && place.TryGetTarget(out kept) && !kept.IsClosed
                && (misses < MissesBeforeEviction || kept.ClearRecentlyUsed()))
            {
                continue;
            }

            kept?.DropStates();
            if (place is null)
            {
                place = new WeakReference<KeyedHash>(key);
            }
            else
            {
                place.SetTarget(key);
            }

            key.KeepStates();
            return true;
        }

        return false;
    }
}
