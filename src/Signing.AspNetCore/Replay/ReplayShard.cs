namespace Signing.AspNetCore;

// The part of the store behind one lock: a ring of slots of signed time. The MAC covers `created`, so a copy meets its
// original in the slot that the signed time names; claims of the same seconds lie together, and nothing is ever swept: a
// slot whose time has passed gives back all its blocks at once, when its place on the ring or its memory is needed.
internal sealed class ReplayShard(ReplayWindow window, ReplayShares shares, ReplayHash hash, int blocks)
{
    private readonly Lock _gate = new();
    private readonly ReplayBlocks _blocks = new(blocks);

    // Made with the first claim, so that a quiet host pays for little.
    private ReplaySlot[] _ring = [];
    private long _reclaimedBelow;

    public ReplayClaim TryClaim(UInt128 fingerprint, uint position, long created, uint keyHash)
    {
        lock (_gate)
        {
            // Read under the lock: whoever used a slot again held it, so its floor, or a higher one, is seen here. With a
            // floor read earlier, a claim that was let go meanwhile could be granted again.
            long floor = window.Floor;
            if (created < floor)
            {
                return ReplayClaim.BeforeFloor;
            }

            if (_ring.Length == 0)
            {
                _ring = new ReplaySlot[window.Slots];
            }

            // Of two slots that share a place, the earlier one lies below the floor as soon as the later one is not beyond
            // the horizon.
            long number = window.SlotOf(created);
            ref ReplaySlot slot = ref _ring[number % _ring.Length];
            if (slot.Number != number)
            {
                slot.Begin(number, _blocks);
            }

            if (slot.IsEmpty)
            {
                if (!HasRoom(floor))
                {
                    return ReplayClaim.Unavailable;
                }

                slot.AddFirst(_blocks);
            }

            int block = slot.BlockOf(position);
            ReadOnlySpan<ulong> entries = _blocks.EntriesOf(block);
            if (Contains(entries, fingerprint))
            {
                return ReplayClaim.AlreadyClaimed;
            }

            while (entries.Length == 2 * ReplayBlocks.Entries)
            {
                if (!HasRoom(floor) || !slot.TrySplit(block, position, _blocks, hash))
                {
                    return ReplayClaim.Unavailable;
                }

                block = slot.BlockOf(position);
                entries = _blocks.EntriesOf(block);
            }

            ReplayClaim claim = shares.TryTake(keyHash, created);
            if (claim == ReplayClaim.Claimed)
            {
                _blocks.Add(block, fingerprint);
            }

            return claim;
        }
    }

    // Whether a claim would find a free block with this floor, or blocks of what has passed by then.
    public bool WouldHaveRoom(long floor)
    {
        lock (_gate)
        {
            long lowest = window.SlotOf(floor);
            return _blocks.HasRoom || Array.Exists(_ring, slot => slot.Number < lowest && !slot.IsEmpty);
        }
    }

    private bool HasRoom(long floor)
    {
        // What has passed comes first, so that memory grows only with the claims that count; looked for once in a slot's time.
        long lowest = window.SlotOf(floor);
        if (_reclaimedBelow < lowest)
        {
            _reclaimedBelow = lowest;
            foreach (ref ReplaySlot slot in _ring.AsSpan())
            {
                if (slot.Number < lowest)
                {
                    slot.Release(_blocks);
                }
            }
        }

        return _blocks.HasRoom;
    }

    // The lower half decides nearly always, and many are compared at once.
    private static bool Contains(ReadOnlySpan<ulong> entries, UInt128 fingerprint)
    {
        ulong lower = (ulong)fingerprint;
        for (int start = 0; entries[start..].IndexOf(lower) is int found and >= 0; start += found + 1)
        {
            int at = start + found;
            if (at % 2 == 0 && entries[at + 1] == (ulong)(fingerprint >> 64))
            {
                return true;
            }
        }

        return false;
    }
}
