using System.Buffers;
using System.Globalization;

namespace Signing.Tool;

/// <summary>Reads the values of options by hand, so that each mistake is one sentence and exit code 2.</summary>
internal static class Values
{
    private static readonly SearchValues<char> Separators = SearchValues.Create("()<>@,;:\\\"/[]?={}");

    /// <summary>RFC 9110 §5.6.2. Says whether a text may be the name of a method or of a header field.</summary>
    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny(Separators);

    /// <summary>Reads an absolute http or https address.</summary>
    public static Uri Address(string text, string what)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https") || address.IdnHost.Length == 0)
        {
            throw ToolFailure.Usage($"{what} is an address that begins with https:// or http://.");
        }

        return address.UserInfo.Length == 0 ? address : throw ToolFailure.Usage($"{what} holds a user name or password before the @; take it out.");
    }

    /// <summary>Reads an instant of RFC 3339 with its offset, or in seconds since 1970.</summary>
    public static DateTimeOffset? Instant(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        bool hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text.Contains('T', StringComparison.Ordinal));
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : throw ToolFailure.Usage($"{option} wants an instant such as 2026-11-21T19:40:00Z, or seconds since 1970.");
    }

    /// <summary>Reads a whole number of seconds.</summary>
    public static int? Seconds(string? text, string option, int min, int max)
    {
        if (text is null)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds >= min && seconds <= max
            ? seconds
            : throw ToolFailure.Usage(string.Create(CultureInfo.InvariantCulture, $"{option} wants whole seconds from {min} to {max}."));
    }

    /// <summary>Reads one of a few words, in whatever case.</summary>
    public static string? OneOf(string? text, string option, params string[] words) => text is null
        ? null
        : Array.Find(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw ToolFailure.Usage($"{option} is one of {string.Join(", ", words)}.");

    /// <summary>Reads <c>http</c> or <c>https</c>.</summary>
    public static string Scheme(string? text) => text is null or "https" ? "https" : text == "http" ? text : throw ToolFailure.Usage("--scheme is https or http.");
}
