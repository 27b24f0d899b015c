using System.Numerics;
using System.Text;

namespace Signing;

/// <summary>Knows the form of what our servers hand out as a Secret or a token: random characters behind the last underscore, and a checksum of all before it.</summary>
internal static class SecretText
{
    public const int RandomLength = 43;
    public const int ChecksumLength = 6;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Says whether a text was made as a Secret or a token; by chance one text in many millions of this length is taken for one.</summary>
    public static bool Is(string text) =>
        text.Length - text.LastIndexOf('_') - 1 == RandomLength + ChecksumLength
        && text.EndsWith(ChecksumOf(text[..^ChecksumLength]), StringComparison.Ordinal);

    /// <summary>Computes the checksum of what stands before it: CRC-32C in base62.</summary>
    public static string ChecksumOf(string text)
    {
        var crc = uint.MaxValue;
        foreach (var c in Encoding.UTF8.GetBytes(text))
        {
            crc = BitOperations.Crc32C(crc, c);
        }

        crc = ~crc;
        var checksum = new char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            (crc, var digit) = Math.DivRem(crc, (uint)Alphabet.Length);
            checksum[i] = Alphabet[(int)digit];
        }

        return new string(checksum);
    }
}
