using System.Buffers.Text;

namespace Signing.Tool;

/// <summary>RFC 9112 §7.1. Takes the chunks of a captured content together.</summary>
internal static class ChunkedContent
{
    /// <summary>Reads all chunks.</summary>
    /// <returns>Whether these are chunks; a capture may have taken them together already.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out byte[] content)
    {
        var whole = new MemoryStream();
        content = [];
        while (true)
        {
            int line = bytes.IndexOf((byte)'\n');
            if (line < 0 || !Utf8Parser.TryParse(bytes[..line], out int size, out int digits, 'X') || digits == 0 || size < 0)
            {
                return false;
            }

            bytes = bytes[(line + 1)..];
            if (size == 0)
            {
                content = whole.ToArray();
                return true;
            }

            int end = bytes.Length > size ? bytes[size..].IndexOf((byte)'\n') : -1;
            if (end is < 0 or > 1 || (end == 1 && bytes[size] != '\r'))
            {
                return false;
            }

            whole.Write(bytes[..size]);
            bytes = bytes[(size + end + 1)..];
        }
    }
}
