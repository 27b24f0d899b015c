using System.Net;

namespace Signing.Client;

/// <summary>Keeps signed requests on connections that nobody else can read, and away from redirects.</summary>
internal static class Transport
{
    /// <summary>Says whether only the origin itself can have written what comes from there: https, or this machine.</summary>
    public static bool IsTrusted(Uri uri) => SchemeOf(uri) == Uri.UriSchemeHttps || IsLoopback(uri);

    /// <summary>RFC 6455 §4.1 and RFC 8441 §5. Gives the scheme that a request is sent with: a WebSocket is opened by a request of http or https.</summary>
    public static string SchemeOf(Uri uri) => uri.Scheme == Uri.UriSchemeWss ? Uri.UriSchemeHttps : uri.Scheme == Uri.UriSchemeWs ? Uri.UriSchemeHttp : uri.Scheme;

    /// <summary>Gets the address of a request that may be signed.</summary>
    /// <exception cref="MessageSigningException">The address is relative or not reached over https, or the method is CONNECT.</exception>
    public static Uri AddressOf(HttpRequestMessage request, bool allowPlainHttp)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            throw new MessageSigningException(SignatureStatus.MissingComponent, "The request has no absolute URI, so there is no authority to sign. Set RequestUri, or BaseAddress on the HttpClient.", "@authority");
        }

        if (Problem(uri, allowPlainHttp) is { } problem)
        {
            throw new MessageSigningException(problem);
        }

        // RFC 8441 §4: one that opens a WebSocket over HTTP/2 has a path.
        return request.Method == HttpMethod.Connect && request.Headers.Protocol is null
            ? throw new MessageSigningException(SignatureStatus.UnsupportedComponent, "A CONNECT request has no path and cannot be signed.", "@path")
            : uri;
    }

    /// <summary>Says what is wrong with sending to this address, or <see langword="null"/>.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="allowPlainHttp">What the options say.</param>
    /// <param name="what">What is sent.</param>
    /// <param name="options">Which options they are.</param>
    public static string? Problem(Uri uri, bool allowPlainHttp, string what = "Signed requests", string options = nameof(MessageSigningOptions))
    {
        string scheme = SchemeOf(uri);
        if (scheme == Uri.UriSchemeHttps || (scheme == Uri.UriSchemeHttp && (allowPlainHttp || IsLoopback(uri))))
        {
            return null;
        }

        // Not the whole URI: its path and query may be confidential.
        string secure = uri.Scheme == Uri.UriSchemeWs ? Uri.UriSchemeWss : Uri.UriSchemeHttps;
        string otherwise = scheme == Uri.UriSchemeHttp ? $", or set {options}.{nameof(MessageSigningOptions.AllowPlainHttp)} if nobody else can read that network" : "";
        return $"{what} go over https, and {uri.Scheme}://{uri.IdnHost} does not. Use {secure}{otherwise}.";
    }

    /// <summary>Refuses a handler at the end of the chain that decompresses: what is signed is the content as it is sent.</summary>
    /// <exception cref="MessageSigningException">It decompresses answers before they can be verified.</exception>
    public static void RequireRawContent(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        // A browser decompresses whatever is set here; the digest then says so.
        if (!OperatingSystem.IsBrowser()
            && handler is SocketsHttpHandler { AutomaticDecompression: not DecompressionMethods.None }
                or HttpClientHandler { SupportsAutomaticDecompression: true, AutomaticDecompression: not DecompressionMethods.None })
        {
            throw new MessageSigningException(
                $"Signatures are required of answers, and the inner {handler.GetType().Name} decompresses them before they can be verified: the digest is that of the content as it is sent. "
                + "Set its AutomaticDecompression to None, and decompress in a handler outside the signer if the server compresses.");
        }
    }

    /// <summary>Turns redirects off on the handler at the end of the chain: the credentials were meant for the first address only.</summary>
    /// <exception cref="InvalidOperationException">The handler follows redirects and has already been used.</exception>
    public static void DoNotFollowRedirects(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        try
        {
            if (SocketsHttpHandler.IsSupported && handler is SocketsHttpHandler { AllowAutoRedirect: true } sockets)
            {
                sockets.AllowAutoRedirect = false;
            }

            if (handler is HttpClientHandler { SupportsRedirectConfiguration: true, AllowAutoRedirect: true } client)
            {
                client.AllowAutoRedirect = false;
            }
        }
        catch (InvalidOperationException started)
        {
            throw new InvalidOperationException($"The inner {handler!.GetType().Name} follows redirects and has already sent a request. Set its AllowAutoRedirect to false before its first use, so that a redirect does not carry signed requests elsewhere.", started);
        }
    }

    // IsLoopback of .NET 8 takes LOCALHOST in capitals for another machine; Host is in lower case.
    private static bool IsLoopback(Uri uri) => uri.IsLoopback || uri.Host == "localhost";
}
