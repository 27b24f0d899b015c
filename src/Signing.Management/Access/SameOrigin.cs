using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signing.Management;

/// <summary>Says whether a browser sent a request from a page of this origin: by <c>Sec-Fetch-Site</c> and <c>Origin</c>, one of which every browser of today sends with a change.</summary>
internal static class SameOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";

    public static bool Is(HttpRequest request)
    {
        StringValues site = request.Headers[FetchSite];
        StringValues origin = request.Headers.Origin;
        bool isKnownSame = site == "same-origin";
        if (site.Count > 0 && !isKnownSame)
        {
            return false;
        }

        return origin.Count == 0 ? isKnownSame : IsOf(request, origin.ToString(), isKnownSame);
    }

    // A proxy that ends TLS may leave http here; the host must be the same, and the scheme too unless the browser vouches for it.
    private static bool IsOf(HttpRequest request, string origin, bool anyScheme) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
        && (from.Scheme == request.Scheme || (anyScheme && from.Scheme is "https" or "http"))
        && Uri.TryCreate($"{from.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out Uri? own)
        && string.Equals(from.Authority, own.Authority, StringComparison.OrdinalIgnoreCase);
}
