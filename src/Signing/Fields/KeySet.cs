namespace Signing;

/// <summary>Remembers the keys of one dictionary or parameter list, so that a duplicate is seen while parsing.</summary>
/// <remarks>Holds positions in the text; a text is at most 32,768 characters, so one integer is enough for start and length.</remarks>
internal ref struct KeySet(ReadOnlySpan<char> text, Span<int> scratch)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<int> _keys = scratch;
    private int _count;

    /// <summary>Adds a key that is a window on the text.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is there already, or the set is full.</returns>
    public bool TryAdd(ReadOnlySpan<char> key)
    {
        foreach (var known in _keys[.._count])
        {
            if ((known & 0xFFFF) == key.Length && _text.Slice(known >> 16, key.Length).SequenceEqual(key))
            {
                return false;
            }
        }

        if (_count == _keys.Length || !_text.Overlaps(key, out var start))
        {
            return false;
        }

        _keys[_count++] = (start << 16) | key.Length;
        return true;
    }
}
