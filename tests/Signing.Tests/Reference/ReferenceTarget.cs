namespace Signing.Tests.Reference;

/// <summary>RFC 9112 §3.2 and §3.3. The raw request target taken apart, and the target URI it stands for.</summary>
public sealed record ReferenceTarget(string Scheme, string Authority, string Path, string Query, bool HasPath)
{
    // Whether the path of the target URI is empty because the target has none to give.
    public static bool IsPathless(string target) => target.Length > 0 && target[0] != '/' && !target.Contains("://", StringComparison.Ordinal);

    public static ReferenceTarget Of(ReferenceRequest request)
    {
        var target = request.Target;
        if (target.Length == 0 || target.Any(c => c is <= ' ' or > '~' or '#'))
        {
            throw new RefusalException(SignatureStatus.MissingComponent, "unknown, not printable ASCII, or with a fragment");
        }

        // RFC 9112 §3.2.1: origin-form.
        if (target[0] == '/')
        {
            var (path, query) = SplitQuery(target);
            return new ReferenceTarget(request.Scheme, request.Authority, path, query, HasPath: true);
        }

        // RFC 9112 §3.2.4: asterisk-form. §3.3: "the target URI's combined path and query component is empty".
        if (target == "*")
        {
            return new ReferenceTarget(request.Scheme, request.Authority, "", "", HasPath: false);
        }

        // RFC 9112 §3.2.2: absolute-form. §3.3: "the target URI is the same as the request-target".
        var colon = target.IndexOf("://", StringComparison.Ordinal);
        if (colon >= 0)
        {
            if (!IsScheme(target[..colon]))
            {
                throw new RefusalException(SignatureStatus.MissingComponent, "not a URI");
            }

            var rest = target[(colon + 3)..];
            var end = rest.IndexOfAny(['/', '?']);
            var authority = end < 0 ? rest : rest[..end];
            var (path, query) = SplitQuery(end < 0 ? "" : rest[end..]);
            return new ReferenceTarget(target[..colon], authority, path, query, HasPath: true);
        }

        // RFC 9112 §3.2.3: authority-form. §3.3: "the target URI's authority component is the request-target".
        return new ReferenceTarget(request.Scheme, target, "", "", HasPath: false);
    }

    private static (string Path, string Query) SplitQuery(string pathAndQuery)
    {
        var mark = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (pathAndQuery, "") : (pathAndQuery[..mark], pathAndQuery[mark..]);
    }

    // RFC 3986 §3.1.
    private static bool IsScheme(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
}
