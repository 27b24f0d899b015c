namespace Signing.Tests.Mistakes;

/// <summary>How a request travels.</summary>
public enum Wire
{
    /// <summary>As bytes of HTTP/1.1.</summary>
    Http1,

    /// <summary>Over HTTP/2 by <see cref="HttpClient"/>.</summary>
    Http2,

    /// <summary>As frames of HTTP/2, where <see cref="HttpClient"/> would tidy or refuse the request.</summary>
    Http2Frames,
}
