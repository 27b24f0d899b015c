using System.Buffers;

namespace Signing.AspNetCore;

// The claims of one slot of signed time within a shard: a hash table that grows block by block (extendible hashing), so that
// no claim ever waits for all others to be moved. The lowest bits of a position, as many as the depth says, choose the entry
// of the directory, and several entries may name one block.
internal struct ReplaySlot
{
    // Where fingerprints that are not made up are long apart: 15 times 2^26 of them are a full store.
    private const int MaxDepth = 26;

    private int[]? _directory;
    private int _depth;
    private int _first;
    private int _last;

    // Which span of time it holds: its place on the ring is used again by later ones.
    public long Number { get; private set; }

    public readonly bool IsEmpty => _first == ReplayBlocks.None;

    // What it held before is free.
    public void Begin(long number, ReplayBlocks blocks)
    {
        Release(blocks);
        Number = number;
    }

    public void Release(ReplayBlocks blocks)
    {
        if (!IsEmpty)
        {
            blocks.FreeChain(_first, _last);
            _first = _last = ReplayBlocks.None;
            ArrayPool<int>.Shared.Return(_directory!);
            _directory = null;
        }
    }

    public readonly int BlockOf(uint position) => _directory![position & ((1u << _depth) - 1)];

    // There is room for a block.
    public void AddFirst(ReplayBlocks blocks)
    {
        _first = _last = blocks.Take(depth: 0, ReplayBlocks.None);
        _directory = ArrayPool<int>.Shared.Rent(1);
        _directory[0] = _first;
        _depth = 0;
    }

    // There is room for a block. False: positions that are equal in so many bits are not met by chance.
    public bool TrySplit(int block, uint position, ReplayBlocks blocks, ReplayHash hash)
    {
        int depth = blocks.DepthOf(block);
        if (depth == MaxDepth)
        {
            return false;
        }

        if (depth == _depth)
        {
            Double();
        }

        int other = _first = blocks.Take(depth + 1, next: _first);
        uint bit = 1u << depth;
        for (uint entry = (position & (bit - 1)) | bit; entry < 1u << _depth; entry += bit << 1)
        {
            _directory![entry] = other;
        }

        Span<ulong> entries = stackalloc ulong[2 * ReplayBlocks.Entries];
        blocks.EntriesOf(block).CopyTo(entries);
        blocks.Clear(block, depth + 1);
        for (int i = 0; i < entries.Length; i += 2)
        {
            UInt128 fingerprint = new(entries[i + 1], entries[i]);
            blocks.Add(((uint)hash.Of(fingerprint) & bit) == 0 ? block : other, fingerprint);
        }

        return true;
    }

    private void Double()
    {
        int length = 1 << _depth;
        int[] former = _directory!;
        if (former.Length < length * 2)
        {
            _directory = ArrayPool<int>.Shared.Rent(length * 2);
            Array.Copy(former, _directory, length);
            ArrayPool<int>.Shared.Return(former);
        }

        Array.Copy(_directory!, 0, _directory!, length, length);
        _depth++;
    }
}
