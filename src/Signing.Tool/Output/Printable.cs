using System.Globalization;
using System.Text;

namespace Signing.Tool;

/// <summary>Makes of what others wrote a text that a terminal only shows.</summary>
internal static class Printable
{
    /// <summary>Replaces control and format characters, among them those that turn a text round.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            bool isShown = CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            _ = isShown ? shown.Append(c) : shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return shown.ToString();
    }
}
