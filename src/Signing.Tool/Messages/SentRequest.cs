using System.Net.Http.Headers;
using System.Text;

namespace Signing.Tool;

/// <summary>Keeps what a client sent, so that it can be shown and compared.</summary>
internal static class SentRequest
{
    /// <summary>Copies a request without its content; enumerating its headers in the usual way would rewrite them (RFC 9421 §2.1 signs them as they are sent).</summary>
    public static RawRequest Of(HttpRequestMessage request)
    {
        Uri address = request.RequestUri!;
        RawRequest copy = RawRequest.Read(Encoding.Latin1.GetBytes($"{request.Method.Method} {address.PathAndQuery} HTTP/{request.Version.ToString(2)}"), address.Scheme);
        copy.Add("Host", request.Headers.Host ?? AuthorityOf(address));
        foreach ((string name, HeaderStringValues lines) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? []))
        {
            foreach (string line in name.Equals("Host", StringComparison.OrdinalIgnoreCase) ? default : lines)
            {
                copy.Add(name, line);
            }
        }

        return copy;
    }

    // IdnHost gives what travels in the Host field, but an IPv6 address without its brackets.
    private static string AuthorityOf(Uri address)
    {
        string host = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        return address.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{address.Port}");
    }
}
