namespace Signing;

/// <summary>RFC 9421 §3.1. Presigns URLs: whoever has one may GET it, without a key, until it expires.</summary>
/// <remarks>A URL is a secret that anybody can use who sees it: in a browser's history, in a log, in a message passed on. Give it a short life, and send it over https alone. Thread-safe.</remarks>
public sealed class UrlSigner
{
    private static readonly string[] Schemes = [Uri.UriSchemeHttps, Uri.UriSchemeHttp, Uri.UriSchemeWss, Uri.UriSchemeWs];

    private readonly SigningKey _key;
    private readonly TimeProvider _time;

    /// <summary>Makes a signer with a key.</summary>
    /// <param name="key">The key, which stays its owner's to dispose.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    public UrlSigner(SigningKey key, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Presigns a URL for GET and HEAD, and for opening a WebSocket.</summary>
    /// <param name="uri">An absolute http, https, ws or wss address without user information; a fragment stays behind the signature, which does not cover it.</param>
    /// <param name="lifetime">How long it works from now on, from 1 second to 7 days; a fraction of a second is cut off.</param>
    /// <returns>The address to hand out, character for character. Do not take it apart and put it together again.</returns>
    /// <exception cref="ArgumentException"><paramref name="uri"/> is another kind of address, has a parameter <c>signature</c> already, is too long, or is not escaped.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is outside its limits.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public string Presign(Uri uri, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || !Schemes.Contains(uri.Scheme) || uri.UserInfo.Length > 0)
        {
            throw new ArgumentException("Only an absolute http, https, ws or wss address without user information is presigned.", nameof(uri));
        }

        var seconds = (long)lifetime.TotalSeconds;
        if (seconds is < 1 or > SignatureLimits.MaxPresignedSeconds)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A presigned URL works from 1 second to 7 days.");
        }

        if (UrlSignatureText.Count(uri.Query) > 0)
        {
            throw new ArgumentException($"The address has a parameter \"{UrlSignatureText.Name}\" already, which is the signature's.", nameof(uri));
        }

        // Browsers encode an apostrophe in a query, and nothing else that a Uri leaves alone; then it is done before signing.
        var query = uri.Query is "?" ? "" : uri.Query.Replace("'", "%27", StringComparison.Ordinal);
        var authority = AuthorityOf(uri);
        var target = uri.AbsolutePath + query;
        var created = _time.GetUtcNow().ToUnixTimeSeconds();
        if (!TrySign(new UnsignedUrlRequest(uri.Scheme, authority, target), created, created + seconds, out var parameter))
        {
            throw new ArgumentException("The address is too long, or has characters that no request line has.", nameof(uri));
        }

        return $"{uri.Scheme}://{authority}{target}{(query.Length == 0 ? '?' : '&')}{parameter}{uri.Fragment}";
    }

    // IdnHost gives what travels in the Host field, but an IPv6 address without its brackets.
    private static string AuthorityOf(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{uri.Port}");
    }

    private bool TrySign(in UnsignedUrlRequest message, long created, long expires, out string parameter)
    {
        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        var signatureBase = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = UrlSignatureBase.Write(message, created, expires, Uri.EscapeDataString(_key.KeyId), ref signatureBase);
        if (status == SignatureStatus.Verified)
        {
            HmacSha256.Compute(_key, signatureBase.Written, mac);
        }

        signatureBase.Dispose();
        parameter = status == SignatureStatus.Verified ? UrlSignatureText.Write(created, expires, _key.KeyId, mac) : "";
        return status == SignatureStatus.Verified;
    }
}
