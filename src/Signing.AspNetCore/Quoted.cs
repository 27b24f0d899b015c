namespace Signing.AspNetCore;

/// <summary>RFC 9651 §4.1.6, RFC 9110 §5.6.4. Quotes printable ASCII; both grammars agree on it.</summary>
internal static class Quoted
{
    public static string Of(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
