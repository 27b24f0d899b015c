using System.Numerics;

namespace Signing;

/// <summary>Remembers the keys of one dictionary or parameter list, so that a duplicate is seen while parsing.</summary>
/// <remarks>
/// Holds positions in the text; a text is at most 32,768 characters, so one integer is enough for start and length. The
/// first keys are compared one by one. Where the scratch space is for more, all are put into a table then, by the process's
/// randomly keyed hash: whoever chooses the keys cannot make them meet there.
/// </remarks>
internal ref struct KeySet(ReadOnlySpan<char> text, Span<int> scratch)
{
    private const int Few = 16;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<int> _few = scratch[..Math.Min(Few, scratch.Length)];
    private readonly Span<int> _table = scratch[Math.Min(Few, scratch.Length)..];
    private int _count;

    /// <summary>Gives the integers that so many keys want, at least the few; the table is never more than half full.</summary>
    public static int ScratchLength(int keys) => Few + (int)BitOperations.RoundUpToPowerOf2((uint)(2 * keys));

    /// <summary>Adds a key that is a window on the text.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is there already, or the set is full.</returns>
    public bool TryAdd(ReadOnlySpan<char> key)
    {
        if (!_text.Overlaps(key, out var start))
        {
            return false;
        }

        var position = (start << 16) | key.Length;
        if (_count >= _few.Length)
        {
            return TryAddToTable(key, position);
        }

        foreach (var known in _few[.._count])
        {
            if (KeyAt(known).SequenceEqual(key))
            {
                return false;
            }
        }

        _few[_count++] = position;
        return true;
    }

    private bool TryAddToTable(ReadOnlySpan<char> key, int position)
    {
        if (_count == _few.Length)
        {
            _table.Clear();
            foreach (var known in _few[..Math.Min(_count, _table.Length)])
            {
                _table[PlaceOf(KeyAt(known))] = known;
            }
        }

        if (2 * _count >= _table.Length)
        {
            return false;
        }

        ref var place = ref _table[PlaceOf(key)];
        if (place != 0)
        {
            return false;
        }

        place = position;
        _count++;
        return true;
    }

    // Where the key is, or where it belongs: a place that is free is zero, as no key is empty.
    private readonly int PlaceOf(ReadOnlySpan<char> key)
    {
        var place = string.GetHashCode(key, StringComparison.Ordinal) & (_table.Length - 1);
        while (_table[place] != 0 && !KeyAt(_table[place]).SequenceEqual(key))
        {
            place = (place + 1) & (_table.Length - 1);
        }

        return place;
    }

    private readonly ReadOnlySpan<char> KeyAt(int position) => _text.Slice(position >> 16, position & 0xFFFF);
}
