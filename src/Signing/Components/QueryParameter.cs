namespace Signing;

/// <summary>RFC 9421 §2.2.8. Finds one parameter in a raw query and re-encodes its value.</summary>
/// <remarks>
/// Parsed as HTML form parameters: <c>&amp;</c> separates, the first <c>=</c> splits, <c>+</c> is a space. Bytes that are not
/// UTF-8 are refused rather than replaced: replacing would give different queries one signature.
/// </remarks>
internal static class QueryParameter
{
    private const string Hexadecimal = "0123456789ABCDEF";

    /// <summary>Writes the value of the only parameter of that name.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is absent, repeated, not UTF-8, or the query too long to be parsed once more.</returns>
    public static bool TryWrite(ReadOnlySpan<char> query, ReadOnlySpan<char> encodedName, ref BaseBuffer buffer)
    {
        if (!buffer.TryCharge(query.Length) || !TryFind(query, encodedName, out var value))
        {
            return false;
        }

        var decoder = new FormDecoder(value, stackalloc byte[Utf8Checker.ScratchLength]);
        while (decoder.TryRead(out var b))
        {
            if (CharacterClass.IsFormUnreserved((char)b))
            {
                buffer.Append(b);
                continue;
            }

            buffer.Append((byte)'%');
            buffer.Append((byte)Hexadecimal[b >> 4]);
            buffer.Append((byte)Hexadecimal[b & 15]);
        }

        return !decoder.Failed;
    }

    private static bool TryFind(ReadOnlySpan<char> query, ReadOnlySpan<char> encodedName, out ReadOnlySpan<char> value)
    {
        value = default;
        var found = false;
        var rest = query[1..]; // Without the question mark.
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('&');
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var split = pair.IndexOf('=');
            if (pair.IsEmpty || !IsEncodedAs(split < 0 ? pair : pair[..split], encodedName))
            {
                continue;
            }

            // RFC 9421 §2.2.8: a parameter that occurs several times must not be covered.
            if (found)
            {
                return false;
            }

            found = true;
            value = split < 0 ? default : pair[(split + 1)..];
        }

        return found;
    }

    private static bool IsEncodedAs(ReadOnlySpan<char> raw, ReadOnlySpan<char> encoded)
    {
        var decoder = new FormDecoder(raw, stackalloc byte[Utf8Checker.ScratchLength]);
        var at = 0;
        while (decoder.TryRead(out var b))
        {
            var unreserved = CharacterClass.IsFormUnreserved((char)b);
            var length = unreserved ? 1 : 3;
            if (at + length > encoded.Length)
            {
                return false;
            }

            var same = unreserved
                ? encoded[at] == b
                : encoded[at] == '%' && encoded[at + 1] == Hexadecimal[b >> 4] && encoded[at + 2] == Hexadecimal[b & 15];
            if (!same)
            {
                return false;
            }

            at += length;
        }

        return !decoder.Failed && at == encoded.Length;
    }
}
