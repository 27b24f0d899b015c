using System.Globalization;
using System.Text;

namespace Signing;

/// <summary>Writes a value into a sentence: short, printable, and with the place where it differs from another one.</summary>
internal static class ShownValue
{
    private const int MaxLength = 72;
    private const int Before = 24;
    private const string Hidden = " characters, not shown)";

    /// <summary>Gives the value, or a window on it around the first difference.</summary>
    public static string Of(string value, string? other)
    {
        if (value.Length == 0)
        {
            return "(empty)";
        }

        var start = 0;
        if (value.Length > MaxLength)
        {
            start = Math.Clamp(FirstDifference(value, other ?? "") - Before, 0, value.Length - MaxLength);
        }

        var end = Math.Min(start + MaxLength, value.Length);
        return $"{(start > 0 ? "..." : "")}{Printable(value[start..end])}{(end < value.Length ? "..." : "")}";
    }

    /// <summary>Gives the length of a value that nobody is to see, and where it begins to differ.</summary>
    public static string? Hide(string? value, string? other)
    {
        if (value is null)
        {
            return null;
        }

        return other is null
            ? Length(value.Length)
            : string.Create(CultureInfo.InvariantCulture, $"({value.Length} characters, differ from the {Ordinal(FirstDifference(value, other) + 1)} on)");
    }

    public static string Length(int characters) => string.Create(CultureInfo.InvariantCulture, $"({characters} characters)");

    /// <summary>Writes the length of a value in its place.</summary>
    public static string NotShown(string value) => string.Create(CultureInfo.InvariantCulture, $"({value.Length}{Hidden}");

    /// <summary>Gets the length of a value, and tells whether that is all that is shown of it: <c>(12 characters, not shown)</c>.</summary>
    public static bool TryReadHidden(string? value, out int length)
    {
        length = value?.Length ?? 0;
        if (value is null || !value.StartsWith('(') || !value.EndsWith(Hidden, StringComparison.Ordinal)
            || !int.TryParse(value.AsSpan(1, value.Length - Hidden.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var hidden))
        {
            return false;
        }

        length = hidden;
        return true;
    }

    private static int FirstDifference(string value, string other) => value.AsSpan().CommonPrefixLength(other);

    // What another party wrote goes to terminals and logs.
    private static string Printable(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return value;
        }

        var text = new StringBuilder();
        foreach (var c in value)
        {
            _ = c is >= ' ' and <= '~' ? text.Append(c) : text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return text.ToString();
    }

    private static string Ordinal(int number)
    {
        var ending = (number % 100) is 11 or 12 or 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{ending}");
    }
}
