using System.Text;

namespace Signing;

/// <summary>RFC 3986 §2.1 and §5.2.4. Does to a path or query what proxies and frameworks do, to find out which of it was done.</summary>
internal static class PercentText
{
    /// <summary>Decodes each escape into the character of its byte, once; others are their UTF-8 bytes, so that only the bytes count.</summary>
    public static string Decode(string text, bool plusIsSpace = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var decoded = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                decoded.Append((char)((HexOf(bytes[i + 1]) << 4) | HexOf(bytes[i + 2])));
                i += 2;
                continue;
            }

            decoded.Append(plusIsSpace && bytes[i] == '+' ? ' ' : (char)bytes[i]);
        }

        return decoded.ToString();
    }

    /// <summary>Resolves the segments <c>.</c> and <c>..</c>, escaped ones too.</summary>
    public static string RemoveDotSegments(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            var segment = segments[i].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (segment is not ("." or ".."))
            {
                kept.Add(segments[i]);
                continue;
            }

            if (segment == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (isLast)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }

    public static string MergeSlashes(string path)
    {
        var merged = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c != '/' || merged.Length == 0 || merged[^1] != '/')
            {
                merged.Append(c);
            }
        }

        return merged.ToString();
    }

    private static int HexOf(byte digit) => char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
