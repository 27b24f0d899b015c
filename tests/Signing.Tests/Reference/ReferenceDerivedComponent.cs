using System.Globalization;
using System.Text.RegularExpressions;

namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §2.2. The values of the derived components of a request.</summary>
public static partial class ReferenceDerivedComponent
{
    private static readonly string[] Names =
        ["@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", "@query-param"];

    // What can be told from the identifier alone.
    public static void Check(ReferenceComponent component)
    {
        if (!Names.Contains(component.Name, StringComparer.Ordinal))
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "unknown, or not for a request");
        }

        var allowed = component.Name == "@query-param" ? 1 : 0;
        if (component.Parameters.Count != allowed || component.Parameters.Any(p => p is not { Key: "name", Value.Kind: SfKind.String }))
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "the parameters do not apply");
        }
    }

    public static string Value(ReferenceRequest request, ReferenceComponent component)
    {
        Check(component);
        var value = component.Name switch
        {
            "@method" => request.Method, // §2.2.1: no change of case
            "@target-uri" => TargetUri(request), // §2.2.2
            "@authority" => Authority(ReferenceTarget.Of(request)), // §2.2.3
            "@scheme" => Scheme(ReferenceTarget.Of(request)), // §2.2.4
            "@request-target" => request.Target, // §2.2.5
            "@path" => Path(ReferenceTarget.Of(request)), // §2.2.6
            "@query" => Query(ReferenceTarget.Of(request)), // §2.2.7
            _ => QueryParameter(ReferenceTarget.Of(request), (string)component.Parameter("name")!.Value), // §2.2.8
        };

        // §2.2: "limited to printable characters and spaces", "MUST NOT start or end with whitespace characters".
        // None of these can hold a space at all: RFC 9110 §9.1, RFC 9112 §3.2.
        if (value.Any(c => c is <= ' ' or > '~'))
        {
            throw new RefusalException(SignatureStatus.MissingComponent, "not printable");
        }

        // Only a query parameter can be empty.
        if (value.Length == 0 && component.Name != "@query-param")
        {
            throw new RefusalException(SignatureStatus.MissingComponent, "the message does not say");
        }

        return value;
    }

    private static string TargetUri(ReferenceRequest request)
    {
        var target = ReferenceTarget.Of(request);
        var path = target.HasPath ? Path(target) : "";
        return $"{Scheme(target)}://{Authority(target)}{path}{target.Query}";
    }

    // RFC 9110 §4.2.3: "the scheme and host are case-insensitive and normally provided in lowercase".
    private static string Scheme(ReferenceTarget target) => target.Scheme.ToLower(CultureInfo.InvariantCulture);

    // RFC 9110 §4.2.3: "If the port is equal to the default port for a scheme, the normal form is to omit the port".
    private static string Authority(ReferenceTarget target)
    {
        var authority = target.Authority.ToLower(CultureInfo.InvariantCulture);
        var match = HostAndPort().Match(authority);
        if (!match.Success)
        {
            throw new RefusalException(SignatureStatus.MissingComponent, "not host and port; RFC 9110 §4.2.4: userinfo is an error");
        }

        var host = match.Groups["host"].Value;
        var port = match.Groups["port"].Value;
        var defaultPort = Scheme(target) switch
        {
            "https" => "443",
            "http" => "80",
            _ => "",
        };
        return port.Length == 0 || port == defaultPort ? host : $"{host}:{port}";
    }

    // RFC 9110 §4.2.3: "an empty path component is equivalent to an absolute path of "/"".
    private static string Path(ReferenceTarget target) => target.Path.Length == 0 ? "/" : target.Path;

    // RFC 9421 §2.2.7: "If the query string is absent, the component value is the leading ? character alone".
    private static string Query(ReferenceTarget target) => target.Query.Length == 0 ? "?" : target.Query;

    private static string QueryParameter(ReferenceTarget target, string name)
    {
        var values = ReferenceQueryParameters.Parse(target.Query.Length == 0 ? "" : target.Query[1..])
            .Where(parameter => parameter.Name is { } decoded && ReferenceQueryParameters.Encode(decoded) == name)
            .Select(parameter => parameter.Value)
            .ToList();

        // RFC 9421 §2.2.8: absent "MUST cause an error"; "if a parameter name occurs multiple times … MUST NOT be included".
        return values is [{ } value]
            ? ReferenceQueryParameters.Encode(value)
            : throw new RefusalException(SignatureStatus.MissingComponent, $"{values.Count} parameters of that name, or not UTF-8");
    }

    // RFC 3986 §3.2: authority without userinfo; the host is an IP literal in brackets or a registered name. The comma that §3.2.2
    // allows is left out: no host has one, but two Host lines that somebody joined do.
    [GeneratedRegex(@"^(?<host>\[[a-z0-9._~!$&'()*+;=:%-]+\]|[a-z0-9._~!$&'()*+;=%-]+)(:(?<port>[0-9]*))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostAndPort();
}
