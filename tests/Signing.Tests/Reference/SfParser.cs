using System.Globalization;
using System.Text;

namespace Signing.Tests.Reference;

/// <summary>
/// RFC 9651 §4.2. Parses a structured field by following the text of the algorithms line by line, on a text that loses
/// its first character as it is consumed. Fails with a <see cref="FormatException"/>.
/// </summary>
public sealed class SfParser
{
    private ReadOnlyMemory<char> _input;
    private bool _duplicateKeys;

    private SfParser(string input) => _input = input.AsMemory();

    // §4.2
    public static SfField Parse(string input, SfFieldType type)
    {
        if (input.Any(c => c > '\x7f'))
        {
            throw new FormatException("conversion to ASCII fails");
        }

        var parser = new SfParser(input);
        parser.DiscardLeading(" ");
        var list = type == SfFieldType.List ? parser.ParseList() : null;
        var dictionary = type == SfFieldType.Dictionary ? parser.ParseDictionary() : null;
        var item = type == SfFieldType.Item ? parser.ParseItem() : null;
        parser.DiscardLeading(" ");
        if (parser._input.Length > 0)
        {
            throw new FormatException("input is left over");
        }

        return new SfField(list, dictionary, item, parser._duplicateKeys);
    }

    // The same, for callers to whom every failure is alike.
    public static SfField? TryParse(string input, SfFieldType type)
    {
        try
        {
            return Parse(input, type);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // §4.2.1
    private List<SfMember> ParseList()
    {
        var members = new List<SfMember>();
        while (_input.Length > 0)
        {
            members.Add(ParseItemOrInnerList());
            DiscardLeading(" \t");
            if (_input.Length == 0)
            {
                return members;
            }

            if (ConsumeFirst() != ',')
            {
                throw new FormatException("a comma is missing between members");
            }

            DiscardLeading(" \t");
            if (_input.Length == 0)
            {
                throw new FormatException("trailing comma");
            }
        }

        return members;
    }

    // §4.2.1.1
    private SfMember ParseItemOrInnerList() => First() == '(' ? ParseInnerList() : ParseItem();

    // §4.2.1.2
    private SfInnerList ParseInnerList()
    {
        Expect('(');
        var items = new List<SfItem>();
        while (_input.Length > 0)
        {
            DiscardLeading(" ");
            if (First() == ')')
            {
                ConsumeFirst();
                var parameters = ParseParameters(out var duplicates);
                return new SfInnerList(items, parameters) { DuplicateParameters = duplicates };
            }

            items.Add(ParseItem());
            if (First() is not (' ' or ')'))
            {
                throw new FormatException("items of an inner list are separated by spaces");
            }
        }

        throw new FormatException("the inner list does not end");
    }

    // §4.2.2
    private List<SfEntry> ParseDictionary()
    {
        var dictionary = new List<SfEntry>();
        while (_input.Length > 0)
        {
            var key = ParseKey();
            SfMember member;
            if (First() == '=')
            {
                ConsumeFirst();
                member = ParseItemOrInnerList();
            }
            else
            {
                var parameters = ParseParameters(out var duplicates);
                member = new SfItem(SfBareItem.True, parameters) { DuplicateParameters = duplicates };
            }

            // Duplicate: the last value, at the first position.
            var earlier = dictionary.FindIndex(entry => entry.Key == key);
            if (earlier >= 0)
            {
                _duplicateKeys = true;
                dictionary[earlier] = new SfEntry(key, member);
            }
            else
            {
                dictionary.Add(new SfEntry(key, member));
            }

            DiscardLeading(" \t");
            if (_input.Length == 0)
            {
                return dictionary;
            }

            if (ConsumeFirst() != ',')
            {
                throw new FormatException("a comma is missing between members");
            }

            DiscardLeading(" \t");
            if (_input.Length == 0)
            {
                throw new FormatException("trailing comma");
            }
        }

        return dictionary;
    }

    // §4.2.3
    private SfItem ParseItem()
    {
        var value = ParseBareItem();
        var parameters = ParseParameters(out var duplicates);
        return new SfItem(value, parameters) { DuplicateParameters = duplicates };
    }

    // §4.2.3.1
    private SfBareItem ParseBareItem() => First() switch
    {
        '-' or (>= '0' and <= '9') => ParseNumber(),
        '"' => new SfBareItem(SfKind.String, ParseString()),
        '*' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => new SfBareItem(SfKind.Token, ParseToken()),
        ':' => new SfBareItem(SfKind.ByteSequence, ParseByteSequence()),
        '?' => new SfBareItem(SfKind.Boolean, ParseBoolean()),
        '@' => new SfBareItem(SfKind.Date, ParseDate()),
        '%' => new SfBareItem(SfKind.DisplayString, ParseDisplayString()),
        _ => throw new FormatException("the item type is unrecognized"),
    };

    // §4.2.3.2
    private List<SfParameter> ParseParameters(out List<string> duplicates)
    {
        duplicates = [];
        var parameters = new List<SfParameter>();
        while (First() == ';')
        {
            ConsumeFirst();
            DiscardLeading(" ");
            var key = ParseKey();
            var value = SfBareItem.True;
            if (First() == '=')
            {
                ConsumeFirst();
                value = ParseBareItem();
            }

            var earlier = parameters.FindIndex(parameter => parameter.Key == key);
            if (earlier >= 0)
            {
                duplicates.Add(key);
                parameters[earlier] = new SfParameter(key, value);
            }
            else
            {
                parameters.Add(new SfParameter(key, value));
            }
        }

        return parameters;
    }

    // §4.2.3.3
    private string ParseKey()
    {
        if (First() is not ('*' or (>= 'a' and <= 'z')))
        {
            throw new FormatException("a key begins with a lower-case letter or an asterisk");
        }

        return ConsumeWhile(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.' or '*');
    }

    // §4.2.4
    private SfBareItem ParseNumber()
    {
        var isDecimal = false;
        var sign = 1;
        var number = "";
        if (First() == '-')
        {
            ConsumeFirst();
            sign = -1;
        }

        if (First() is not (>= '0' and <= '9'))
        {
            throw new FormatException("a number has at least one digit");
        }

        while (_input.Length > 0)
        {
            if (First() is >= '0' and <= '9')
            {
                number += ConsumeFirst();
            }
            else if (!isDecimal && First() == '.')
            {
                if (number.Length > 12)
                {
                    throw new FormatException("more than 12 integer digits in a decimal");
                }

                number += ConsumeFirst();
                isDecimal = true;
            }
            else
            {
                break;
            }

            if (number.Length > (isDecimal ? 16 : 15))
            {
                throw new FormatException("too many digits");
            }
        }

        if (!isDecimal)
        {
            return SfBareItem.Integer(sign * long.Parse(number, CultureInfo.InvariantCulture));
        }

        var fraction = number[(number.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (fraction.Length is 0 or > 3)
        {
            throw new FormatException("a decimal has one to three fraction digits");
        }

        return new SfBareItem(SfKind.Decimal, sign * decimal.Parse(number, CultureInfo.InvariantCulture));
    }

    // §4.2.5
    private string ParseString()
    {
        Expect('"');
        var output = new StringBuilder();
        while (_input.Length > 0)
        {
            var c = ConsumeFirst();
            if (c == '\\')
            {
                if (First() is not ('"' or '\\'))
                {
                    throw new FormatException("only a quote and a backslash are escaped");
                }

                output.Append(ConsumeFirst());
            }
            else if (c == '"')
            {
                return output.ToString();
            }
            else if (c is < ' ' or > '~')
            {
                throw new FormatException("a string holds printable ASCII");
            }
            else
            {
                output.Append(c);
            }
        }

        throw new FormatException("the string does not end");
    }

    // §4.2.6
    private string ParseToken() => ConsumeWhile(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c, StringComparison.Ordinal));

    // §4.2.7
    private byte[] ParseByteSequence()
    {
        Expect(':');
        var content = ConsumeWhile(c => c != ':');
        Expect(':');
        if (content.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/' or '=')))
        {
            throw new FormatException("outside the base64 alphabet");
        }

        return ReferenceBase64.Decode(content);
    }

    // §4.2.8
    private bool ParseBoolean()
    {
        Expect('?');
        return ConsumeFirst() switch
        {
            '1' => true,
            '0' => false,
            _ => throw new FormatException("a boolean is ?0 or ?1"),
        };
    }

    // §4.2.9
    private long ParseDate()
    {
        Expect('@');
        var number = ParseNumber();
        return number.Kind == SfKind.Integer ? (long)number.Value : throw new FormatException("a date is an integer");
    }

    // §4.2.10
    private string ParseDisplayString()
    {
        Expect('%');
        Expect('"');
        var bytes = new List<byte>();
        while (_input.Length > 0)
        {
            var c = ConsumeFirst();
            if (c is < ' ' or > '~')
            {
                throw new FormatException("a display string holds printable ASCII");
            }

            if (c == '%')
            {
                var hex = $"{ConsumeFirst()}{ConsumeFirst()}";
                if (hex.Any(digit => digit is not ((>= '0' and <= '9') or (>= 'a' and <= 'f'))))
                {
                    throw new FormatException("an octet is two lower-case hex digits");
                }

                bytes.Add(byte.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            }
            else if (c == '"')
            {
                return DecodeUtf8([.. bytes]);
            }
            else
            {
                bytes.Add((byte)c);
            }
        }

        throw new FormatException("the display string does not end");
    }

    private static string DecodeUtf8(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new FormatException("not UTF-8", exception);
        }
    }

    // The end of the input reads as NUL, which no rule accepts.
    private char First() => _input.Length == 0 ? '\0' : _input.Span[0];

    private char ConsumeFirst()
    {
        if (_input.Length == 0)
        {
            throw new FormatException("the input ends too early");
        }

        var first = _input.Span[0];
        _input = _input[1..];
        return first;
    }

    private void Expect(char expected)
    {
        if (First() != expected)
        {
            throw new FormatException($"{expected} is missing");
        }

        ConsumeFirst();
    }

    private void DiscardLeading(string characters) => _input = _input.TrimStart(characters);

    private string ConsumeWhile(Func<char, bool> condition)
    {
        var length = 0;
        while (length < _input.Length && condition(_input.Span[length]))
        {
            length++;
        }

        var taken = _input[..length].ToString();
        _input = _input[length..];
        return taken;
    }
}
