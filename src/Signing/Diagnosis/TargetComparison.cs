namespace Signing;

/// <summary>RFC 9421 §2.2.2 and §2.2.5. Says which parts of a target URI or a request target differ, each with its cause.</summary>
internal static class TargetComparison
{
    public static IEnumerable<Finding> Compare(string signed, string seen)
    {
        (var scheme, var authority, var path, var query) = TargetText.Split(signed);
        (var seenScheme, var seenAuthority, var seenPath, var seenQuery) = TargetText.Split(seen);
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
}
