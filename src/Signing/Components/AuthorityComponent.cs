using System.Buffers;

namespace Signing;

/// <summary>RFC 9421 §2.2.3. Cuts an authority down to what is signed: no default port; the caller writes it in lower case.</summary>
internal static class AuthorityComponent
{
    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+;=:[]");

    // A name without a port.
    private static readonly SearchValues<char> UsualCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Normalises an authority.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is empty, has user information, or is not host and port.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> scheme, ReadOnlySpan<char> authority, out ReadOnlySpan<char> normalized)
    {
        normalized = authority;
        if (!authority.ContainsAnyExcept(UsualCharacters))
        {
            return !authority.IsEmpty;
        }

        normalized = default;
        if (authority.ContainsAnyExcept(Characters))
        {
            return false;
        }

        // RFC 3986 §3.2.2: the colons of an IPv6 address stand inside its brackets, and brackets stand nowhere else.
        var isLiteral = authority[0] == '[';
        var hostEnd = isLiteral ? authority.IndexOf(']') + 1 : 0;
        if ((isLiteral && (hostEnd <= "[]".Length || authority[1..].Contains('['))) || authority[hostEnd..].ContainsAny('[', ']'))
        {
            return false;
        }

        var colon = authority[hostEnd..].IndexOf(':');
        if (colon < 0)
        {
            normalized = authority;
            return hostEnd == 0 || hostEnd == authority.Length;
        }

        var port = authority[(hostEnd + colon + 1)..];
        if (hostEnd + colon == 0 || (hostEnd > 0 && colon != 0) || port.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        // RFC 9110 §4.2.3: the default port, like an empty one, is the same as none.
        normalized = port.IsEmpty || IsDefault(scheme, port) ? authority[..(hostEnd + colon)] : authority;
        return true;
    }

    private static bool IsDefault(ReadOnlySpan<char> scheme, ReadOnlySpan<char> port) =>
        (port.SequenceEqual("443") && scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        || (port.SequenceEqual("80") && scheme.Equals("http", StringComparison.OrdinalIgnoreCase));
}
