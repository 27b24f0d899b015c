using System.Buffers;
using System.Text;

namespace Signing.PostgreSql;

// What PostgreSQL can keep as text: no U+0000, and no half of a surrogate pair. No row has any other text, so whoever asks
// for such a one need not ask.
internal static class StoredText
{
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
}
