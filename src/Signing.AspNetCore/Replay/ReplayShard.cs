namespace Signing.AspNetCore;

// The part of the store behind one lock: two parallel arrays, divided into groups. The fingerprint decides the group, the
// signed time decides whether an entry still counts; what lies before the floor is free to be overwritten, so nothing is
// ever swept. A group that is full doubles the arrays up to their limit, and refuses after that.
internal sealed class ReplayShard(ReplayWindow window, ReplayShares shares, ReplayHash hash, int firstGroups, int doublings)
{
    // Entries looked at for one claim: the bound on its work. At the store's capacity half of a group is taken on the
    // average, and one group in ten million is full.
    public const int GroupSize = 64;

    public const int BytesPerEntry = sizeof(uint) + (sizeof(ulong) * 2);

    private readonly Lock _gate = new();

    // Seconds since the window's origin, which no live entry has as its time: zero is an entry never used.
    private uint[] _created = [];
    private UInt128[] _fingerprints = [];
    private int _groups;
    private int _doublings = doublings;

    public ReplayClaim TryClaim(UInt128 fingerprint, uint position, long created, uint keyHash)
    {
        lock (_gate)
        {
            // Read under the lock: whoever overwrote an entry held it, so its floor, or a higher one, is seen here. With a
            // floor read earlier, the claim that was overwritten meanwhile could be claimed again.
            long floor = window.Floor;
            if (created < floor)
            {
                return ReplayClaim.BeforeFloor;
            }

            uint time = (uint)(created - window.Origin + 1);
            uint lowestLive = (uint)(floor - window.Origin + 1);
            if (_groups == 0)
            {
                Resize(firstGroups, lowestLive);
            }

            int index;
            while (!TryFind(fingerprint, time, position, lowestLive, out index))
            {
                if (_doublings == 0)
                {
                    return ReplayClaim.Unavailable;
                }

                Resize(_groups * 2, lowestLive);
                _doublings--;
            }

            if (index < 0)
            {
                return ReplayClaim.AlreadyClaimed;
            }

            if (!shares.TryTake(keyHash, created))
            {
                return ReplayClaim.QuotaExceeded;
            }

            _created[index] = time;
            _fingerprints[index] = fingerprint;
            return ReplayClaim.Claimed;
        }
    }

    // False: every entry of the group is live and none is this one. Index: where to write, or -1 if the claim exists.
    private bool TryFind(UInt128 fingerprint, uint time, uint position, uint lowestLive, out int index)
    {
        int start = GroupStart(position, _groups);
        ReadOnlySpan<uint> times = _created.AsSpan(start, GroupSize);
        ReadOnlySpan<UInt128> fingerprints = _fingerprints.AsSpan(start, GroupSize);

        // The MAC covers `created`, so a copy has the same time: comparing that first, many at once, skips nearly all.
        for (int i = times.IndexOf(time); (uint)i < GroupSize; i++)
        {
            if (times[i] == time && fingerprints[i] == fingerprint)
            {
                index = -1;
                return true;
            }
        }

        int free = times.IndexOfAnyInRange(0u, lowestLive - 1);
        index = start + free;
        return free >= 0;
    }

    // Each group becomes two, so entries that fitted into one always fit.
    private void Resize(int groups, uint lowestLive)
    {
        uint[] created = new uint[groups * GroupSize];
        UInt128[] fingerprints = new UInt128[groups * GroupSize];
        for (int i = 0; i < _created.Length; i++)
        {
            if (_created[i] < lowestLive)
            {
                continue;
            }

            int start = GroupStart((uint)hash.Of(_fingerprints[i]), groups);
            int index = start + created.AsSpan(start, GroupSize).IndexOf(0u);
            created[index] = _created[i];
            fingerprints[index] = _fingerprints[i];
        }

        _created = created;
        _fingerprints = fingerprints;
        _groups = groups;
    }

    private static int GroupStart(uint position, int groups) => (int)(((ulong)position * (uint)groups) >> 32) * GroupSize;
}
