namespace Signing.Client;

/// <summary>Holds what a request was before it was sent: handlers below may change it, as following a redirect does.</summary>
internal readonly struct RequestSnapshot(HttpRequestMessage request)
{
    private readonly HttpMethod _method = request.Method;
    private readonly Uri _uri = request.RequestUri!;
    private readonly Version _version = request.Version;
    private readonly HttpVersionPolicy _versionPolicy = request.VersionPolicy;
    private readonly HttpContent? _content = request.Content;
    private readonly bool _canReplay = ReplayableBody.Is(request.Content);

    public bool CanReplay => _canReplay;

    /// <summary>Whether the request may be executed twice: the one that the caller made, not what a redirect made of it.</summary>
    public bool IsIdempotent => IdempotentMethods.Contain(_method);

    /// <summary>Whether an answer comes from where the request was sent.</summary>
    /// <param name="answered">The address that it comes from; <see langword="null"/> if nobody says.</param>
    public bool IsAnsweredBy(Uri? answered) => answered is not { IsAbsoluteUri: true } || Origin.Of(answered) == Origin.Of(_uri);

    /// <summary>Makes the request what it was.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if its body is gone.</returns>
    public bool TryRestore(HttpRequestMessage request)
    {
        // The signer has put a copy in the place of a body that could be read once.
        bool isCopied = request.Content is BufferedContent;
        if (!_canReplay && !isCopied)
        {
            return false;
        }

        request.Method = _method;
        request.RequestUri = _uri;
        request.Version = _version;
        request.VersionPolicy = _versionPolicy;
        request.Content = isCopied ? request.Content : _content;
        return true;
    }
}
