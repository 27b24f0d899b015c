namespace Signing;

/// <summary>RFC 9651 §4.2.10. Reads a Display String: percent-encoded UTF-8 in double quotes after a percent sign.</summary>
internal static class DisplayString
{
    /// <returns>The characters it takes up; 0 if it is malformed.</returns>
    public static int Parse(ReadOnlySpan<char> text, out BareItem item)
    {
        item = default;
        if (text.Length < 2 || text[1] != '"')
        {
            return 0;
        }

        var length = text[2..].IndexOf('"');
        if (length < 0 || text.Slice(2, length).ContainsAnyExceptInRange(' ', '~')
            || !IsValid(text.Slice(2, length), out var isCanonical))
        {
            return 0;
        }

        item = new BareItem(BareItemType.DisplayString, text[..(length + 3)], 0, isCanonical);
        return length + 3;
    }

    private static bool IsValid(ReadOnlySpan<char> content, out bool isCanonical)
    {
        isCanonical = true;
        var utf8 = new Utf8Checker(stackalloc byte[Utf8Checker.ScratchLength]);
        for (var i = 0; i < content.Length; i++)
        {
            var value = (byte)content[i];
            if (content[i] == '%')
            {
                // RFC 9651 §4.2.10 step 5.3: lower-case hexadecimal digits only.
                if (!TryReadHex(content, i + 1, out value))
                {
                    return false;
                }

                i += 2;
                isCanonical &= value is < 0x20 or >= 0x7F or (byte)'"' or (byte)'%';
            }

            // RFC 9651 §4.2.10 step 7: what the bytes spell must be valid UTF-8.
            if (!utf8.TryAdd(value))
            {
                return false;
            }
        }

        return utf8.IsComplete;
    }

    private static bool TryReadHex(ReadOnlySpan<char> content, int at, out byte value)
    {
        value = 0;
        if (at + 2 > content.Length || !IsLowerHex(content[at]) || !IsLowerHex(content[at + 1]))
        {
            return false;
        }

        value = (byte)((Digit(content[at]) << 4) | Digit(content[at + 1]));
        return true;

        static bool IsLowerHex(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f');
        static int Digit(char c) => c <= '9' ? c - '0' : c - 'a' + 10;
    }
}
