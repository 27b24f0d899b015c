using System.Globalization;

namespace Signing.AspNetCore;

/// <summary>The public origin of an API behind a gateway, taken apart once.</summary>
internal sealed class Origin
{
    public Origin(Uri address)
    {
        Scheme = address.Scheme;

        // IdnHost gives what travels in the Host field, but an IPv6 address without its brackets.
        string host = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        Authority = address.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{address.Port}");
        Prefix = address.AbsolutePath.TrimEnd('/');
    }

    public string Scheme { get; }

    public string Authority { get; }

    public string Prefix { get; }

    public static bool IsUsable(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;

    /// <summary>Gives the target as the caller sent it: the gateway took the prefix away, and what else it left in front of the path is its own.</summary>
    public string Restore(string rawTarget)
    {
        // RFC 9112 §3.2.3 and §3.2.4: `*` and `host:port` have no path that a prefix could have been removed from.
        ReadOnlySpan<char> target = rawTarget;
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (target.StartsWith('/'))
        {
            return Prefix.Length == 0 ? rawTarget : string.Concat(Prefix, target);
        }

        if (scheme <= 0)
        {
            return rawTarget;
        }

        // Absolute-form names the host behind the gateway: RFC 9421 §7.4.3 wants the origin that the caller saw.
        ReadOnlySpan<char> rest = target[(scheme + 3)..];
        int path = rest.IndexOfAny('/', '?');
        ReadOnlySpan<char> pathAndQuery = path < 0 ? [] : rest[path..];
        return string.Concat(Prefix, pathAndQuery.StartsWith('/') ? "" : "/", pathAndQuery);
    }
}
