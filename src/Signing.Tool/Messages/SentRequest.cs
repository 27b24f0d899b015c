using System.Text;

namespace Signing.Tool;

/// <summary>Keeps what a client sent, so that it can be shown and compared.</summary>
internal static class SentRequest
{
    /// <summary>Copies a request without its content; enumerating its headers in the usual way would rewrite them (RFC 9421 §2.1 signs them as they are sent).</summary>
    public static RawRequest Of(HttpRequestMessage request)
    {
        Uri address = request.RequestUri!;
        string authority = request.Headers.Host ?? (address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}");
        authority = address.HostNameType == UriHostNameType.IPv6 && request.Headers.Host is null ? address.Authority : authority;
        RawRequest copy = RawRequest.Read(Encoding.Latin1.GetBytes($"{request.Method.Method} {address.PathAndQuery} HTTP/{request.Version.ToString(2)}"), address.Scheme);
        copy.Add("Host", authority);
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues lines) in request.Headers.NonValidated)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                AddAll(copy, name, lines);
            }
        }

        if (request.Content is not null)
        {
            foreach ((string name, System.Net.Http.Headers.HeaderStringValues lines) in request.Content.Headers.NonValidated)
            {
                AddAll(copy, name, lines);
            }
        }

        return copy;
    }

    private static void AddAll(RawRequest copy, string name, System.Net.Http.Headers.HeaderStringValues lines)
    {
        foreach (string line in lines)
        {
            copy.Add(name, line);
        }
    }
}
