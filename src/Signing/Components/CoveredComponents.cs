using System.Runtime.CompilerServices;

namespace Signing;

/// <summary>RFC 9421 §2. Reads the list of covered components and sees that none is in it twice.</summary>
internal struct CoveredComponents
{
    private Entries _entries;
    private int _count;
    private DerivedComponents _derived;
    private uint _fields;

    /// <summary>Tells whether an identifier is in a list that was read before.</summary>
    public static bool Contain(ReadOnlySpan<char> list, bool isResponse, in ComponentIdentifier wanted)
    {
        var components = new ComponentReader(list, isResponse);
        while (components.TryRead(out var component))
        {
            if (component.IsSame(wanted))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the list up to its closing parenthesis.</summary>
    /// <param name="reader">Inside the list.</param>
    /// <param name="text">What the reader reads.</param>
    /// <param name="rules">Numbers the fields.</param>
    /// <param name="isResponse">Whether the message is a response.</param>
    /// <param name="derived">The derived components that are covered, by <see cref="ComponentIdentifier.Coverage"/>.</param>
    /// <param name="fields">The fields that are covered without parameters, by their bits in the rules.</param>
    public static SignatureStatus Read(scoped ref StructuredFieldReader reader, ReadOnlySpan<char> text, CoverageRules rules, bool isResponse, out DerivedComponents derived, out uint fields)
    {
        var components = new CoveredComponents();
        var status = components.Read(ref reader, text, rules, isResponse);
        (derived, fields) = (components._derived, components._fields);
        return status;
    }

    private SignatureStatus Read(scoped ref StructuredFieldReader reader, ReadOnlySpan<char> text, CoverageRules rules, bool isResponse)
    {
        var status = SignatureStatus.Verified;
        var count = 0;
        while (reader.TryReadInnerItem(out var name))
        {
            if (count++ == SignatureLimits.MaxComponents)
            {
                return SignatureStatus.TooLarge;
            }

            var read = ComponentIdentifier.Read(ref reader, name, isResponse, out var identifier);
            if (read == SignatureStatus.Verified)
            {
                read = Add(identifier, text, rules);
            }

            if (status == SignatureStatus.Verified)
            {
                status = read;
            }
        }

        return reader.Failed ? SignatureStatus.MalformedSignatureInput : status;
    }

    private SignatureStatus Add(scoped in ComponentIdentifier identifier, ReadOnlySpan<char> text, CoverageRules rules)
    {
        var coverage = identifier.Coverage;
        if (coverage != DerivedComponents.None)
        {
            var isDuplicate = (_derived & coverage) != 0;
            _derived |= coverage;
            return isDuplicate ? SignatureStatus.MalformedSignatureInput : SignatureStatus.Verified;
        }

        // RFC 9421 §2: each identifier occurs once.
        var entry = Entry.Of(identifier, text);
        foreach (ref readonly var known in ((ReadOnlySpan<Entry>)_entries)[.._count])
        {
            if (known.Matches(entry, text))
            {
                return SignatureStatus.MalformedSignatureInput;
            }
        }

        _entries[_count++] = entry;
        _fields |= identifier.IsPlainField ? rules.BitOf(identifier.Name) : 0;
        return SignatureStatus.Verified;
    }

    [InlineArray(SignatureLimits.MaxComponents)]
    private struct Entries
    {
        private Entry _first;
    }

    /// <summary>Remembers an identifier by its place in the text, which is at most 32,768 characters long.</summary>
    private readonly struct Entry
    {
        private readonly ushort _nameStart;
        private readonly ushort _nameLength;
        private readonly ushort _argumentStart;
        private readonly ushort _argumentLength;
        private readonly ComponentFlags _flags;

        private Entry(int nameStart, int nameLength, int argumentStart, int argumentLength, ComponentFlags flags)
        {
            _nameStart = (ushort)nameStart;
            _nameLength = (ushort)nameLength;
            _argumentStart = (ushort)argumentStart;
            _argumentLength = (ushort)argumentLength;
            _flags = flags;
        }

        public static Entry Of(scoped in ComponentIdentifier identifier, ReadOnlySpan<char> text)
        {
            text.Overlaps(identifier.Name, out var name);
            text.Overlaps(identifier.Argument, out var argument);
            return new Entry(name, identifier.Name.Length, argument, identifier.Argument.Length, identifier.Flags);
        }

        public bool Matches(in Entry other, ReadOnlySpan<char> text) =>
            _flags == other._flags && _nameLength == other._nameLength && _argumentLength == other._argumentLength
            && text.Slice(_nameStart, _nameLength).SequenceEqual(text.Slice(other._nameStart, _nameLength))
            && text.Slice(_argumentStart, _argumentLength).SequenceEqual(text.Slice(other._argumentStart, _argumentLength));
    }
}
