using System.Buffers;

namespace Signing.AspNetCore;

/// <summary>Digits, then capital, then small letters: the order of ASCII, so that texts sort as their values do.</summary>
internal static class Base62
{
    public const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    public static bool Is(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters);

    /// <summary>Writes a number in as many characters as there is room for, the most significant first.</summary>
    public static void Write(uint value, Span<char> destination)
    {
        for (int i = destination.Length - 1; i >= 0; i--)
        {
            (value, uint digit) = Math.DivRem(value, (uint)Alphabet.Length);
            destination[i] = Alphabet[(int)digit];
        }
    }
}
