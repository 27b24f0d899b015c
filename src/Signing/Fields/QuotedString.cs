namespace Signing;

/// <summary>RFC 9651 §3.3.3. Writes and resolves the two escapes of a String.</summary>
internal static class QuotedString
{
    /// <summary>Writes a value of printable ASCII as a String, with its quotes.</summary>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public static bool TryUnescape(ReadOnlySpan<char> content, Span<char> destination, out int written)
    {
        written = 0;
        if (!content.Contains('\\'))
        {
            written = content.TryCopyTo(destination) ? content.Length : 0;
            return written == content.Length;
        }

        var length = 0;
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\\')
            {
                i++;
            }

            if (length == destination.Length || i == content.Length)
            {
                return false;
            }

            destination[length++] = content[i];
        }

        written = length;
        return true;
    }
}
