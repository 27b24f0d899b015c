using System.Buffers;

namespace Signing;

/// <summary>RFC 9651 §4.2.3.1. Reads one bare item; each method returns the characters it takes up, 0 if the text is malformed.</summary>
internal static class BareItemParser
{
    private const int MaxIntegerDigits = 15;
    private const int MaxDecimalIntegerDigits = 12;
    private const int MaxFractionDigits = 3;

    private static readonly SearchValues<char> Unescaped = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static int Parse(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        if (text.IsEmpty)
        {
            return 0;
        }

        return text[0] switch
        {
            '"' => ParseString(text, out item),
            '-' or (>= '0' and <= '9') => ParseNumber(text, out item),
            ':' => ParseByteSequence(text, out item),
            '?' => ParseBoolean(text, out item),
            '@' => ParseDate(text, out item),
            '%' => DisplayString.Parse(text, out item),
            _ => ParseToken(text, out item),
        };
    }

    // §4.2.5
    private static int ParseString(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        var end = 1;
        while (true)
        {
            // Stops at the closing quote, at an escape, and at what must not be in a String.
            var next = text[end..].IndexOfAnyExcept(Unescaped);
            if (next < 0)
            {
                return 0;
            }

            end += next;
            if (text[end] == '"')
            {
                item = new BareItem(BareItemType.String, text[..(end + 1)], 0, isCanonical: true);
                return end + 1;
            }

            if (text[end] != '\\' || end + 1 == text.Length || text[end + 1] is not ('"' or '\\'))
            {
                return 0;
            }

            end += 2;
        }
    }

    // §4.2.4
    private static int ParseNumber(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        var negative = text[0] == '-';
        var start = negative ? 1 : 0;
        var end = ReadDigits(text, start, MaxIntegerDigits, out var value);
        var digits = end - start;
        if (digits is 0 or > MaxIntegerDigits)
        {
            return 0;
        }

        // §4.1.4: no leading zero, and zero has no sign.
        var isCanonical = (digits == 1 || text[start] != '0') && !(negative && value == 0);
        if (end == text.Length || text[end] != '.')
        {
            item = new BareItem(BareItemType.Integer, text[..end], negative ? -value : value, isCanonical);
            return end;
        }

        var fractionStart = end + 1;
        end = ReadDigits(text, fractionStart, MaxFractionDigits, out var fraction);
        var fractionDigits = end - fractionStart;
        if (digits > MaxDecimalIntegerDigits || fractionDigits is 0 or > MaxFractionDigits)
        {
            return 0;
        }

        for (var i = fractionDigits; i < MaxFractionDigits; i++)
        {
            fraction *= 10;
        }

        value = (value * 1000) + fraction;
        isCanonical = (digits == 1 || text[start] != '0') && !(negative && value == 0)
            && (fractionDigits == 1 || text[end - 1] != '0');
        item = new BareItem(BareItemType.Decimal, text[..end], negative ? -value : value, isCanonical);
        return end;
    }

    // Reads at most one digit too many, so that its caller sees the limit exceeded without overflowing.
    private static int ReadDigits(ReadOnlySpan<char> text, int start, int max, out long value)
    {
        value = 0;
        var end = start;
        while (end < text.Length && end - start <= max && char.IsAsciiDigit(text[end]))
        {
            value = (value * 10) + (text[end++] - '0');
        }

        return end;
    }

    // §4.2.7
    private static int ParseByteSequence(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        var length = text[1..].IndexOf(':');
        if (length < 0 || !ByteSequence.IsValid(text.Slice(1, length), out var isCanonical))
        {
            return 0;
        }

        item = new BareItem(BareItemType.ByteSequence, text[..(length + 2)], 0, isCanonical);
        return length + 2;
    }

    // §4.2.8
    private static int ParseBoolean(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        if (text.Length < 2 || text[1] is not ('0' or '1'))
        {
            return 0;
        }

        item = new BareItem(BareItemType.Boolean, text[..2], text[1] - '0', isCanonical: true);
        return 2;
    }

    // §4.2.9
    private static int ParseDate(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        if (text.Length < 2 || text[1] is not ('-' or (>= '0' and <= '9')))
        {
            return 0;
        }

        var length = ParseNumber(text[1..], out var number);
        if (length == 0 || number.Type != BareItemType.Integer)
        {
            return 0;
        }

        item = new BareItem(BareItemType.Date, text[..(length + 1)], number.Number, number.IsCanonical);
        return length + 1;
    }

    // §4.2.6
    private static int ParseToken(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        if (!CharacterClass.IsTokenStart(text[0]))
        {
            return 0;
        }

        var end = 1;
        while (end < text.Length && CharacterClass.IsToken(text[end]))
        {
            end++;
        }

        item = new BareItem(BareItemType.Token, text[..end], 0, isCanonical: true);
        return end;
    }
}
