namespace Signing.AspNetCore;

/// <summary>What the options of all schemes of tokens have in common.</summary>
internal static class TokenOptionRules
{
    // RFC 9110 §5.6.2: tchar.
    public static bool IsFieldName(string? name) =>
        !string.IsNullOrEmpty(name) && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    public static bool IsRealm(string? realm) => realm is null || !realm.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
