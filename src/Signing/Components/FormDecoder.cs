using System.Globalization;

namespace Signing;

/// <summary>Decodes one name or value of <c>application/x-www-form-urlencoded</c>, a byte at a time.</summary>
internal ref struct FormDecoder(ReadOnlySpan<char> text, Span<byte> scratch)
{
    private readonly ReadOnlySpan<char> _text = text;
    private Utf8Checker _utf8 = new(scratch);
    private int _position;

    /// <summary>Gets whether the bytes are not UTF-8.</summary>
    public bool Failed { get; private set; }

    public bool TryRead(out byte value)
    {
        value = 0;
        if (_position == _text.Length)
        {
            Failed |= !_utf8.IsComplete;
            return false;
        }

        var c = _text[_position++];
        value = c == '+' ? (byte)' ' : (byte)c;
        if (c == '%' && _position + 2 <= _text.Length
            && byte.TryParse(_text.Slice(_position, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var decoded))
        {
            value = decoded;
            _position += 2;
        }

        Failed = !_utf8.TryAdd(value);
        return !Failed;
    }
}
