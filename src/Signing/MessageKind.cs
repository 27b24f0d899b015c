namespace Signing;

/// <summary>Names the two kinds of HTTP message: what is signed in one says nothing about the other.</summary>
public enum MessageKind
{
    /// <summary>A request.</summary>
    Request = 0,

    /// <summary>A response, which covers <c>@status</c>; a request has none, so neither kind of signature is ever taken for the other.</summary>
    Response,
}
