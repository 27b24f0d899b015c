using System.Text;

namespace Signing;

/// <summary>RFC 9651 §4.2.10. Checks that the content of a Display String is percent-encoded UTF-8.</summary>
internal static class DisplayString
{
    public static bool IsValid(ReadOnlySpan<char> content, out bool isCanonical)
    {
        isCanonical = true;
        Span<byte> sequence = stackalloc byte[4];
        var pending = 0;
        for (var i = 0; i < content.Length; i++)
        {
            var value = (byte)content[i];
            if (content[i] == '%')
            {
                if (!TryReadHex(content, i + 1, out value))
                {
                    return false;
                }

                i += 2;
                isCanonical &= value is < 0x20 or >= 0x7F or (byte)'"' or (byte)'%';
            }

            // RFC 9651 §4.2.10 step 7: what the bytes spell must be valid UTF-8.
            sequence[pending++] = value;
            var status = Rune.DecodeFromUtf8(sequence[..pending], out _, out _);
            if (status == System.Buffers.OperationStatus.InvalidData)
            {
                return false;
            }

            pending = status == System.Buffers.OperationStatus.Done ? 0 : pending;
        }

        return pending == 0;
    }

    // RFC 9651 §4.2.10 step 5.3: lower-case hexadecimal digits only.
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
