namespace Signing.Tests.Reference;

/// <summary>RFC 4648 §4, as RFC 9651 §4.2.7 reads it: padding may be missing and pad bits may be set; nothing else is forgiven.</summary>
public static class ReferenceBase64
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public static byte[] Decode(string content)
    {
        var digits = content.TrimEnd('=');
        var padding = content.Length - digits.Length;

        // Padding is synthesized "if necessary": it is either all there or not there at all.
        var complete = (4 - (digits.Length % 4)) % 4;
        if (padding != 0 && padding != complete)
        {
            throw new FormatException("wrong padding");
        }

        if (complete == 3 || digits.Any(c => !Alphabet.Contains(c, StringComparison.Ordinal)))
        {
            throw new FormatException("not base64");
        }

        var bits = string.Concat(digits.Select(c => Convert.ToString(Alphabet.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(6, '0')));
        return bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2)).ToArray();
    }

    public static string Encode(byte[] bytes)
    {
        var bits = string.Concat(bytes.Select(b => Convert.ToString(b, 2).PadLeft(8, '0')));
        var digits = string.Concat(bits.Chunk(6).Select(chunk => Alphabet[Convert.ToInt32(new string(chunk).PadRight(6, '0'), 2)]));
        return digits + new string('=', (4 - (digits.Length % 4)) % 4);
    }
}
