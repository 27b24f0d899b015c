namespace Signing;

/// <summary>RFC 9421 §2.2.2 and §2.2.5. Says which parts of a target URI or a request target differ, each with its cause.</summary>
internal static class TargetComparison
{
    public static IEnumerable<Finding> Compare(string signed, string seen)
    {
        (var scheme, var authority, var path, var query) = Split(signed);
        (var seenScheme, var seenAuthority, var seenPath, var seenQuery) = Split(seen);
        var found = new List<Finding>();
        if (scheme is null != seenScheme is null)
        {
            found.Add(new(MismatchCause.PathRewritten, "one side has the whole address and the other the path alone, usually because a proxy is called or answers in absolute form; cover @path and @query instead"));
            return found;
        }

        if (scheme is not null && scheme != seenScheme)
        {
            found.Add(ControlDataComparison.Scheme(scheme, seenScheme!));
        }

        if (authority is not null && authority != seenAuthority)
        {
            found.Add(AuthorityComparison.Compare(authority, seenAuthority!));
        }

        if (path != seenPath)
        {
            found.AddRange(PathComparison.Compare(path, seenPath));
        }

        if (query != seenQuery)
        {
            found.AddRange(QueryComparison.Compare(query, seenQuery));
        }

        return found.Count > 0 ? found : [new(MismatchCause.Unknown, "the parts are equal and the whole is not; compare the two texts")];
    }

    // The query with its question mark, a lone one if there is none.
    private static (string? Scheme, string? Authority, string Path, string Query) Split(string target)
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
}
