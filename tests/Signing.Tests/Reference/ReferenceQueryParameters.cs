using System.Globalization;
using System.Text;

namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §2.2.8. The URL Standard's form parser, and its "percent-encode after encoding" for one string.</summary>
public static class ReferenceQueryParameters
{
    // URL Standard §5.1. Takes the query without its question mark. RFC 9421 §2.2.8 supports "only … percent-escaped UTF-8": what
    // is not UTF-8 reads as null, where the URL Standard would put U+FFFD and make different queries look the same.
    public static IEnumerable<(string? Name, string? Value)> Parse(string query)
    {
        foreach (var sequence in query.Split('&').Where(sequence => sequence.Length > 0))
        {
            var equals = sequence.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? sequence : sequence[..equals];
            var value = equals < 0 ? "" : sequence[(equals + 1)..];
            yield return (Decode(name), Decode(value));
        }
    }

    // URL Standard §5.2, with a space as %20 as the RFC's examples have it: only A-Z a-z 0-9 * - . _ stay.
    public static string Encode(string text) => string.Concat(
        Encoding.UTF8.GetBytes(text).Select(b => char.IsAsciiLetterOrDigit((char)b) || "*-._".Contains((char)b, StringComparison.Ordinal)
            ? ((char)b).ToString()
            : $"%{b:X2}"));

    private static string? Decode(string text)
    {
        var spaced = text.Replace('+', ' ');
        var bytes = new List<byte>();
        for (var i = 0; i < spaced.Length; i++)
        {
            if (spaced[i] == '%' && i + 2 < spaced.Length && char.IsAsciiHexDigit(spaced[i + 1]) && char.IsAsciiHexDigit(spaced[i + 2]))
            {
                bytes.Add(byte.Parse(spaced.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)spaced[i]); // A target is ASCII.
            }
        }

        var decoded = Encoding.UTF8.GetString([.. bytes]);
        return Encoding.UTF8.GetBytes(decoded).SequenceEqual(bytes) ? decoded : null;
    }
}
