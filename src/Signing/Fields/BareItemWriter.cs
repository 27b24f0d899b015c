using System.Buffers.Text;
using System.Globalization;

namespace Signing;

/// <summary>RFC 9651 §4.1.3.1. Writes a bare item in the one strict form.</summary>
internal static class BareItemWriter
{
    private const int MaxNumberLength = 24;
    private const string LowerHexadecimal = "0123456789abcdef";

    public static void Write(in BareItem item, ref BaseBuffer buffer)
    {
        // Most items arrive in that form.
        if (item.IsCanonical && !item.Raw.IsEmpty)
        {
            buffer.Append(item.Raw);
            return;
        }

        switch (item.Type)
        {
            case BareItemType.Integer:
                WriteInteger(item.Number, ref buffer);
                break;
            case BareItemType.Date:
                buffer.Append((byte)'@');
                WriteInteger(item.Number, ref buffer);
                break;
            case BareItemType.Decimal:
                WriteDecimal(item.Number, ref buffer);
                break;
            case BareItemType.ByteSequence:
                WriteByteSequence(item, ref buffer);
                break;
            case BareItemType.DisplayString:
                WriteDisplayString(item.Content, ref buffer);
                break;
            case BareItemType.Boolean:
                buffer.Append(item.Number == 0 ? "?0"u8 : "?1"u8);
                break;
            default:
                buffer.Append(item.Raw);
                break;
        }
    }

    /// <summary>§4.1.8. Writes bytes between colons, in padded base64.</summary>
    public static void WriteByteSequence(scoped ReadOnlySpan<byte> bytes, ref BaseBuffer buffer)
    {
        const int BytesPerChunk = 192; // A multiple of three: only the last chunk is padded.
        Span<byte> chunk = stackalloc byte[256];
        buffer.Append((byte)':');
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(BytesPerChunk, bytes.Length)..])
        {
            Base64.EncodeToUtf8(bytes[..Math.Min(BytesPerChunk, bytes.Length)], chunk, out _, out var written);
            buffer.Append(chunk[..written]);
        }

        buffer.Append((byte)':');
    }

    private static void WriteInteger(long value, ref BaseBuffer buffer)
    {
        Span<byte> digits = stackalloc byte[MaxNumberLength];
        value.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        buffer.Append(digits[..written]);
    }

    // §4.1.5: as few fraction digits as possible, at least one.
    private static void WriteDecimal(long thousandths, ref BaseBuffer buffer)
    {
        Span<byte> digits = stackalloc byte[MaxNumberLength];
        (thousandths / 1000m).TryFormat(digits, out var written, "0.0##", CultureInfo.InvariantCulture);
        buffer.Append(digits[..written]);
    }

    // What arrived without padding, or with pad bits set, is decoded in place of its digits: three bytes at a time.
    private static void WriteByteSequence(in BareItem item, ref BaseBuffer buffer)
    {
        const int DigitsPerChunk = 256; // A multiple of four: the chunks decode by themselves.
        Span<byte> chunk = stackalloc byte[192];
        Span<byte> digits = stackalloc byte[256];
        buffer.Append((byte)':');
        for (var content = item.Content; !content.IsEmpty; content = content[Math.Min(DigitsPerChunk, content.Length)..])
        {
            ByteSequence.TryDecode(content[..Math.Min(DigitsPerChunk, content.Length)], chunk, out var decoded);
            Base64.EncodeToUtf8(chunk[..decoded], digits, out _, out var written);
            buffer.Append(digits[..written]);
        }

        buffer.Append((byte)':');
    }

    // §4.1.11: only what must be is percent-encoded.
    private static void WriteDisplayString(ReadOnlySpan<char> content, ref BaseBuffer buffer)
    {
        buffer.Append("%\""u8);
        for (var i = 0; i < content.Length; i++)
        {
            var value = (byte)content[i];
            if (content[i] == '%')
            {
                value = (byte)((LowerHexadecimal.IndexOf(content[i + 1], StringComparison.Ordinal) << 4)
                    | LowerHexadecimal.IndexOf(content[i + 2], StringComparison.Ordinal));
                i += 2;
            }

            if (value is >= 0x20 and < 0x7F and not ((byte)'"' or (byte)'%'))
            {
                buffer.Append(value);
                continue;
            }

            buffer.Append((byte)'%');
            buffer.Append((byte)LowerHexadecimal[value >> 4]);
            buffer.Append((byte)LowerHexadecimal[value & 15]);
        }

        buffer.Append((byte)'"');
    }
}
