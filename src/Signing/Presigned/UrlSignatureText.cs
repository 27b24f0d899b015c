using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Signing;

/// <summary>The one parameter that a presigned URL ends with: <c>signature=created.expires.keyid.mac</c>, strictly and in one form only.</summary>
internal static class UrlSignatureText
{
    public const string Name = "signature";

    private const int MaxSecondsDigits = 15;
    private const int MacDigits = 43;

    // Base64 of 32 bytes without padding: the last digit has two bits that mean nothing. They are zero, which not every decoder insists on.
    private const string LastDigits = "AEIMQUYcgkosw048";

    // RFC 3986 §2.3: what nobody encodes, or decodes, on the way.
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly SearchValues<char> UrlDigits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Counts the parameters of a query that have the name, in whatever encoding.</summary>
    /// <param name="query">The query, with or without its question mark.</param>
    public static int Count(ReadOnlySpan<char> query)
    {
        var count = 0;
        var rest = query.StartsWith("?") ? query[1..] : query;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('&');
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var split = pair.IndexOf('=');
            count += IsName(split < 0 ? pair : pair[..split]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Writes the parameter.</summary>
    public static string Write(long created, long expires, string keyId, ReadOnlySpan<byte> mac)
    {
        var digits = Convert.ToBase64String(mac).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return string.Create(CultureInfo.InvariantCulture, $"{Name}={created}.{expires}.{Uri.EscapeDataString(keyId)}.{digits}");
    }

    /// <summary>Reads the value of the parameter.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if anything in it is not as it would be written.</returns>
    public static bool TryRead(ReadOnlySpan<char> value, out long created, out long expires, out Range keyId, Span<byte> mac)
    {
        expires = 0;
        keyId = default;
        var first = value.IndexOf('.');
        var last = value.LastIndexOf('.');
        if (!TryReadSeconds(value[..Math.Max(first, 0)], out created))
        {
            return false;
        }

        var second = first + 1 + value[(first + 1)..].IndexOf('.');
        if (second >= last || !TryReadSeconds(value[(first + 1)..second], out expires) || expires <= created)
        {
            return false;
        }

        // Only the key id may have dots of its own.
        keyId = (second + 1)..last;
        return IsKeyId(value[keyId]) && TryReadMac(value[(last + 1)..], mac);
    }

    /// <summary>Reads one character of a key id.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is not printable ASCII, or not in the one encoding that it has.</returns>
    public static bool TryReadCharacter(ReadOnlySpan<char> keyId, ref int at, out char character)
    {
        character = keyId[at++];
        if (character != '%')
        {
            return Unreserved.Contains(character);
        }

        if (at + 2 > keyId.Length)
        {
            return false;
        }

        character = (char)((DigitOf(keyId[at]) << 4) | DigitOf(keyId[at + 1]));
        at += 2;
        return character is >= ' ' and <= '~' && !Unreserved.Contains(character);
    }

    private static bool IsName(ReadOnlySpan<char> raw)
    {
        if (!raw.Contains('%'))
        {
            return raw.SequenceEqual(Name);
        }

        var decoder = new FormDecoder(raw, stackalloc byte[Utf8Checker.ScratchLength]);
        var at = 0;
        while (decoder.TryRead(out var b))
        {
            if (at == Name.Length || Name[at++] != b)
            {
                return false;
            }
        }

        return at == Name.Length && !decoder.Failed;
    }

    private static bool TryReadSeconds(ReadOnlySpan<char> digits, out long seconds)
    {
        seconds = 0;
        if (digits.IsEmpty || digits.Length > MaxSecondsDigits || digits[0] == '0' || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in digits)
        {
            seconds = (seconds * 10) + (digit - '0');
        }

        return true;
    }

    private static bool IsKeyId(ReadOnlySpan<char> keyId)
    {
        var length = 0;
        for (var at = 0; at < keyId.Length; length++)
        {
            if (!TryReadCharacter(keyId, ref at, out _))
            {
                return false;
            }
        }

        return length is > 0 and <= SignatureLimits.MaxKeyIdLength;
    }

    // Upper case alone, so that there is one form; anything else gives a character that no key id has.
    private static int DigitOf(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => 0xFFF,
    };

    private static bool TryReadMac(ReadOnlySpan<char> text, Span<byte> mac)
    {
        if (text.Length != MacDigits || text.ContainsAnyExcept(UrlDigits) || !LastDigits.Contains(text[^1]))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[MacDigits + 1];
        for (var i = 0; i < text.Length; i++)
        {
            digits[i] = text[i] switch { '-' => (byte)'+', '_' => (byte)'/', var digit => (byte)digit };
        }

        digits[MacDigits] = (byte)'=';
        return Base64.DecodeFromUtf8(digits, mac, out _, out var written) == OperationStatus.Done && written == HmacSha256.MacSize;
    }
}
