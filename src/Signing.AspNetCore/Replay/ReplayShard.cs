using System.Runtime.InteropServices;

namespace Signing.AspNetCore;

// The part of the store behind one lock: one array, divided into groups. The fingerprint decides the group, the signed time
// decides whether an entry still counts; what lies before the floor is free to be overwritten, so nothing is ever swept. A
// group that is full doubles the array up to its limit, and refuses after that.
//
//   group: | 64 times, 4 bytes each | 64 fingerprints, 16 bytes each |
//
// The times are searched first, side by side, and mostly decide; the fingerprints follow on the same page of memory.
internal sealed class ReplayShard(ReplayWindow window, ReplayShares shares, ReplayHash hash, int firstGroups, int doublings)
{
    // Entries looked at for one claim: the bound on its work. At the store's capacity half of a group is taken on the
    // average, and one group in ten million is full.
    public const int GroupSize = 64;

    public const int BytesPerEntry = WordsPerEntry * sizeof(uint);

    private const int WordsPerEntry = 1 + WordsPerFingerprint;
    private const int WordsPerFingerprint = 4;
    private const int GroupWords = GroupSize * WordsPerEntry;

    private readonly Lock _gate = new();

    // Seconds since the window's origin, which no live entry has as its time: zero is an entry never used.
    private uint[] _words = [];
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

            Span<uint> group;
            int index;
            while (!TryFind(group = Group(_words, position, _groups), fingerprint, time, lowestLive, out index))
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

            Write(group, index, time, fingerprint);
            return ReplayClaim.Claimed;
        }
    }

    // False: every entry of the group is live and none is this one. Index: where to write, or -1 if the claim exists.
    private static bool TryFind(ReadOnlySpan<uint> group, UInt128 fingerprint, uint time, uint lowestLive, out int index)
    {
        ReadOnlySpan<uint> times = group[..GroupSize];
        ReadOnlySpan<UInt128> fingerprints = FingerprintsOf(group);

        // The MAC covers `created`, so a copy has the same time: comparing that first, many at once, skips nearly all.
        for (int i = times.IndexOf(time); (uint)i < GroupSize; i++)
        {
            if (times[i] == time && fingerprints[i] == fingerprint)
            {
                index = -1;
                return true;
            }
        }

        index = times.IndexOfAnyInRange(0u, lowestLive - 1);
        return index >= 0;
    }

    // Each group becomes two, so entries that fitted into one always fit.
    private void Resize(int groups, uint lowestLive)
    {
        uint[] words = new uint[groups * GroupWords];
        for (int start = 0; start < _words.Length; start += GroupWords)
        {
            ReadOnlySpan<uint> group = _words.AsSpan(start, GroupWords);
            for (int i = 0; i < GroupSize; i++)
            {
                if (group[i] < lowestLive)
                {
                    continue;
                }

                UInt128 fingerprint = FingerprintsOf(group)[i];
                Span<uint> target = Group(words, (uint)hash.Of(fingerprint), groups);
                Write(target, target[..GroupSize].IndexOf(0u), group[i], fingerprint);
            }
        }

        _words = words;
        _groups = groups;
    }

    private static Span<uint> Group(uint[] words, uint position, int groups)
        => words.AsSpan((int)(((ulong)position * (uint)groups) >> 32) * GroupWords, GroupWords);

    private static void Write(Span<uint> group, int index, uint time, UInt128 fingerprint)
    {
        group[index] = time;
        MemoryMarshal.Cast<uint, UInt128>(group[GroupSize..])[index] = fingerprint;
    }

    private static ReadOnlySpan<UInt128> FingerprintsOf(ReadOnlySpan<uint> group) => MemoryMarshal.Cast<uint, UInt128>(group[GroupSize..]);
}
