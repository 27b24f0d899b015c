using System.Buffers;
using System.Text;

namespace Signing.PostgreSql;

// What PostgreSQL can keep as text: no U+0000, and no half of a surrogate pair. No row has any other text, so whoever asks
// for such a one need not ask.
internal static class StoredText
{
    // Between the parts of what is searched in: nobody looks for it.
    private const char Separator = '\u001F';

    public static bool CanBe(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == '\0' || Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    /// <summary>Gives a text that people have written as it can be kept: with a replacement character for what cannot.</summary>
    public static string Kept(string text) => CanBe(text) ? text : string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune));

    public static string? KeptOrNull(string? text) => text is null ? null : Kept(text);

    /// <summary>Gives a text in the one form that all its spellings in capital and small letters have, as .NET compares them.</summary>
    public static string Folded(string text) => Kept(text).ToUpperInvariant();

    /// <summary>Joins what is searched in.</summary>
    public static string Search(params ReadOnlySpan<string?> parts) => Folded(string.Join(Separator, parts));
}
