namespace Signing;

/// <summary>RFC 9421 §4. Remembers the labels of <c>Signature-Input</c> over all its lines, and which of them <c>Signature</c> has too.</summary>
internal ref struct LabelSet(Span<LabelSet.Entry> scratch)
{
    private readonly Span<Entry> _entries = scratch;
    private ReadOnlySpan<char> _first;

    public int Count { get; private set; }

    /// <summary>Gets how many labels were matched.</summary>
    public int Matched { get; private set; }

    public readonly bool IsFull => Count == _entries.Length;

    /// <summary>Adds a label of <c>Signature-Input</c>.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is there already.</returns>
    public bool TryAdd<T>(scoped in T message, int line, ReadOnlySpan<char> text, ReadOnlySpan<char> label)
        where T : ISignableMessage
    {
        if (IndexOf(message, label) >= 0)
        {
            return false;
        }

        // Most messages have one label: it is kept as it is, and found without asking the message again.
        if (Count == 0)
        {
            _first = label;
        }

        text.Overlaps(label, out var start);
        _entries[Count++] = new Entry { Line = (ushort)line, Start = (ushort)start, Length = (ushort)label.Length };
        return true;
    }

    /// <summary>Matches a label of <c>Signature</c>.</summary>
    /// <returns>Its index; -1 if it is unknown or was matched before.</returns>
    public int Match<T>(in T message, ReadOnlySpan<char> label)
        where T : ISignableMessage
    {
        var index = IndexOf(message, label);
        if (index < 0 || _entries[index].IsMatched)
        {
            return -1;
        }

        _entries[index].IsMatched = true;
        Matched++;
        return index;
    }

    private readonly int IndexOf<T>(in T message, ReadOnlySpan<char> label)
        where T : ISignableMessage
    {
        if (Count > 0 && label.SequenceEqual(_first))
        {
            return 0;
        }

        for (var i = 1; i < Count; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.Length == label.Length
                && SignatureInput.Trim(message.GetFieldLine(SignatureInput.FieldName, entry.Line, out _)).Slice(entry.Start, entry.Length).SequenceEqual(label))
            {
                return i;
            }
        }

        return -1;
    }

    internal struct Entry
    {
        public ushort Line;
        public ushort Start;
        public ushort Length;
        public bool IsMatched;
    }
}
