using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Signing;

/// <summary>RFC 9651 §4.2.7. Checks and decodes the base64 of a Byte Sequence.</summary>
/// <remarks>
/// Only the alphabet of RFC 4648 §4, no white space. Missing padding and non-zero pad bits are tolerated, as the section
/// recommends; padding of the wrong length is not.
/// </remarks>
internal static class ByteSequence
{
    private const int ChunkLength = 256;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    public static bool IsValid(ReadOnlySpan<char> content, out bool isCanonical)
    {
        var digits = CountDigits(content);
        var padding = content.Length - digits;
        var rest = digits & 3;
        isCanonical = (content.Length & 3) == 0 && HasZeroPadBits(content[..digits], rest);
        if (rest == 1 || content[digits..].ContainsAnyExcept('='))
        {
            return false;
        }

        return padding == 0 || (rest != 0 && rest + padding == 4);
    }

    public static bool TryDecode(ReadOnlySpan<char> content, Span<byte> destination, out int written)
    {
        written = 0;
        var digits = CountDigits(content);
        var whole = digits & ~3;
        var rest = digits - whole;
        var length = (whole / 4 * 3) + (rest == 0 ? 0 : rest - 1);
        if (rest == 1 || destination.Length < length || !TryDecodeWhole(content[..whole], destination))
        {
            return false;
        }

        var at = whole / 4 * 3;
        var bits = 0;
        foreach (var c in content[whole..digits])
        {
            bits = (bits << 6) | Value(c);
        }

        if (rest == 2)
        {
            destination[at] = (byte)(bits >> 4);
        }

        if (rest == 3)
        {
            destination[at] = (byte)(bits >> 10);
            destination[at + 1] = (byte)(bits >> 2);
        }

        written = length;
        return true;
    }

    private static bool TryDecodeWhole(ReadOnlySpan<char> digits, Span<byte> destination)
    {
        Span<byte> chunk = stackalloc byte[ChunkLength];
        while (!digits.IsEmpty)
        {
            var take = Math.Min(digits.Length, ChunkLength);
            if (Ascii.FromUtf16(digits[..take], chunk, out _) != OperationStatus.Done
                || Base64.DecodeFromUtf8(chunk[..take], destination, out _, out var written) != OperationStatus.Done)
            {
                return false;
            }

            digits = digits[take..];
            destination = destination[written..];
        }

        return true;
    }

    private static int CountDigits(ReadOnlySpan<char> content)
    {
        var end = content.IndexOfAnyExcept(Alphabet);
        return end < 0 ? content.Length : end;
    }

    private static bool HasZeroPadBits(ReadOnlySpan<char> digits, int rest) => rest switch
    {
        2 => (Value(digits[^1]) & 0b1111) == 0,
        3 => (Value(digits[^1]) & 0b11) == 0,
        _ => true,
    };

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        _ => 63,
    };
}
