using System.Text;

namespace Signing.Tool;

/// <summary>Takes a request out of what <c>curl -v</c> writes, where <c>&gt;</c> stands before each line that was sent.</summary>
internal static class CurlOutput
{
    private const string Mark = "> ";

    /// <summary>Reads the first request, which is without its content: curl does not show it.</summary>
    /// <returns>The request as it was sent; <see langword="null"/> if there is none, or the text itself begins with a request or a response.</returns>
    public static byte[]? FirstRequest(byte[] bytes)
    {
        // A request may have much content, which nobody has to look through.
        int end = Array.IndexOf(bytes, (byte)'\n');
        string first = Encoding.Latin1.GetString(bytes, 0, end < 0 ? bytes.Length : end);
        if (!IsSent(first) && IsStart(first))
        {
            return null;
        }

        IEnumerable<string> sent = Encoding.Latin1.GetString(bytes).Split('\n').SkipWhile(line => !IsSent(line) || !IsStart(line)).TakeWhile(IsSent)
            .Select(line => line[Mark.Length..].TrimEnd('\r')).TakeWhile(line => line.Length > 0);
        string head = string.Join("\r\n", sent);
        return head.Length > 0 ? Encoding.Latin1.GetBytes(head + "\r\n\r\n") : null;
    }

    private static bool IsSent(string line) => line.StartsWith(Mark, StringComparison.Ordinal);

    private static bool IsStart(string line) => line.Contains("HTTP/", StringComparison.Ordinal);
}
