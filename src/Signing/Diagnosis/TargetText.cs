namespace Signing;

/// <summary>RFC 3986 §3. Takes addresses and authorities apart as text: they may have been decoded or rewritten, so nothing of them is resolved.</summary>
internal static class TargetText
{
    /// <summary>Takes an address, or a request target, apart.</summary>
    /// <returns>Scheme and authority, <see langword="null"/> without <c>://</c>; the path as it stands there; the query with its question mark, a lone one if there is none.</returns>
    public static (string? Scheme, string? Authority, string Path, string Query) Split(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "?" : target[question..];
        var before = question < 0 ? target : target[..question];
        var end = before.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
        {
            return (null, null, before, query);
        }

        var path = before.IndexOf('/', end + 3);
        path = path < 0 ? before.Length : path;
        return (before[..end], before[(end + 3)..path], before[path..], query);
    }

    /// <summary>Takes the port, <see langword="null"/> if there is none, off an authority.</summary>
    public static (string Host, string? Port) SplitAuthority(string authority)
    {
        // The colons of an IPv6 address stand inside its brackets.
        var colon = authority.IndexOf(':', Math.Max(authority.LastIndexOf(']'), 0));
        return colon < 0 ? (authority, null) : (authority[..colon], authority[(colon + 1)..]);
    }
}
