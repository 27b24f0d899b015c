using System.Runtime.CompilerServices;

namespace Signing.AspNetCore;

// The memory of one shard: blocks of four cache lines that are made as they are needed, up to a limit, and used again and
// again. A block belongs to one time slot at a time; the blocks of a slot hang together in a chain, so that all of them are
// free at once when the slot's time has passed.
//
//   block: | depth and count | next block of the chain | 15 fingerprints, 16 bytes each |
internal sealed class ReplayBlocks(int limit)
{
    public const int Entries = 15;
    public const int Bytes = Words * sizeof(ulong);

    // No block has this number.
    public const int None = 0;

    private const int Words = 32;
    private const int Count = 0;
    private const int Next = 1;
    private const int FirstEntry = 2;
    private const int DepthShift = 32;
    private const int ChunkBits = 6;
    private const int BlocksPerChunk = 1 << ChunkBits;

    // Where the collector neither moves nor, without references in them, reads them.
    private ulong[][] _chunks = [];
    private int _made = None;
    private int _free = None;

    public bool HasRoom => _free != None || _made < limit;

    // The caller knows that there is room.
    public int Take(int depth, int next)
    {
        int block = _free;
        if (block == None)
        {
            block = Make();
        }
        else
        {
            _free = (int)WordsOf(block)[Next];
        }

        Span<ulong> words = WordsOf(block);
        words[Count] = (ulong)depth << DepthShift;
        words[Next] = (ulong)next;
        return block;
    }

    public void FreeChain(int first, int last)
    {
        WordsOf(last)[Next] = (ulong)_free;
        _free = first;
    }

    public int DepthOf(int block) => (int)(WordsOf(block)[Count] >> DepthShift);

    // The lower half of each fingerprint is followed by its upper half.
    public ReadOnlySpan<ulong> EntriesOf(int block)
    {
        Span<ulong> words = WordsOf(block);
        return words.Slice(FirstEntry, 2 * (int)(uint)words[Count]);
    }

    public void Clear(int block, int depth) => WordsOf(block)[Count] = (ulong)depth << DepthShift;

    // The block is not full.
    public void Add(int block, UInt128 fingerprint)
    {
        Span<ulong> words = WordsOf(block);
        int entry = FirstEntry + (2 * (int)(uint)words[Count]++);
        words[entry + 1] = (ulong)(fingerprint >> 64);
        words[entry] = (ulong)fingerprint;
    }

    private int Make()
    {
        int block = ++_made;
        int chunk = block >> ChunkBits;
        if (chunk >= _chunks.Length)
        {
            Array.Resize(ref _chunks, Math.Max(1, _chunks.Length * 2));
        }

        _chunks[chunk] ??= GC.AllocateUninitializedArray<ulong>(BlocksPerChunk * Words, pinned: true);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<ulong> WordsOf(int block) => _chunks[block >> ChunkBits].AsSpan((block & (BlocksPerChunk - 1)) * Words, Words);
}
