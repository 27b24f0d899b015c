using System.Numerics;

namespace Signing;

// Idle objects kept for reuse, in one slot for each processor: a thread starts at the slot of its processor, so two
// threads rarely meet, and probes all the others, so no idle object is missed. Whoever takes an object out of its slot
// owns it alone until it is returned.
internal sealed class ProcessorSlots<T>
    where T : class, IDisposable
{
    private const int MaxSlots = 64;

    // In references: 128 bytes, because processors fetch cache lines in pairs. The first stride keeps the array's
    // length, which everybody reads, away from the first slot, which is written.
    private const int Stride = 16;

    private readonly Slot[] _slots = new Slot[(Count + 1) * Stride];
    private int _reserved;
    private volatile bool _closed;

    // A power of two.
    public static int Count { get; } = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MaxSlots));

    // The place is where it was looked for first: give it back with the object, because asking for the processor is a
    // tenth of the time of a short MAC.
    public T? Rent(out int place)
    {
        int start = place = Thread.GetCurrentProcessorId();
        for (int i = 0; i < Count; i++)
        {
            ref Slot slot = ref SlotAt(start + i);
            if (slot.Idle is not null && Interlocked.Exchange(ref slot.Idle, null) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    // False if every slot has an object: the caller disposes of this one.
    public bool TryReturn(T item, int place)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Interlocked.CompareExchange(ref SlotAt(place + i).Idle, item, null) is null)
            {
                // The exchange is a full fence: either Close finds the object in its slot, or this finds it closed.
                if (_closed)
                {
                    DisposeIdle();
                }

                return true;
            }
        }

        return false;
    }

    // For an object that TryReserve permitted.
    public void Discard(T item)
    {
        Release();
        item.Dispose();
    }

    // Permission to create one more object; false when each slot has its own, idle or in use.
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= Count)
        {
            return true;
        }

        Release();
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _reserved);

    public void Close()
    {
        _closed = true;
        DisposeIdle();
    }

    private void DisposeIdle()
    {
        for (int i = 0; i < Count; i++)
        {
            // Unconditional: reading the slot first could miss an object returned at this moment.
            if (Interlocked.Exchange(ref SlotAt(i).Idle, null) is { } idle)
            {
                Discard(idle);
            }
        }
    }

    private ref Slot SlotAt(int index) => ref _slots[((index & (Count - 1)) + 1) * Stride];

    // A struct, because storing into an array of references checks the type each time.
    private struct Slot
    {
        public T? Idle;
    }
}
