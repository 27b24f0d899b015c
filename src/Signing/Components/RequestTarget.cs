using System.Buffers;

namespace Signing;

/// <summary>RFC 9112 §3.2. Takes a raw request target apart without decoding or resolving anything.</summary>
internal readonly ref struct RequestTarget
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    private static readonly SearchValues<char> TargetCharacters = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // -1 without a query.
    private readonly int _queryStart;

    private RequestTarget(ReadOnlySpan<char> scheme, ReadOnlySpan<char> authority, ReadOnlySpan<char> pathAndQuery)
    {
        Scheme = scheme;
        Authority = authority;
        PathAndQuery = pathAndQuery;
        _queryStart = pathAndQuery.IndexOf('?');
    }

    public ReadOnlySpan<char> Scheme { get; }

    public ReadOnlySpan<char> Authority { get; }

    /// <summary>Gets path and query as they stand in the target; empty for <c>*</c> and for the authority form.</summary>
    public ReadOnlySpan<char> PathAndQuery { get; }

    // RFC 9421 §2.2.6: an empty path is `/`.
    public ReadOnlySpan<char> Path
    {
        get
        {
            var path = _queryStart < 0 ? PathAndQuery : PathAndQuery[.._queryStart];
            return path.IsEmpty ? "/" : path;
        }
    }

    // RFC 9421 §2.2.7: with the question mark; a lone one if the query is absent or empty.
    public ReadOnlySpan<char> Query => _queryStart < 0 ? "?" : PathAndQuery[_queryStart..];

    /// <summary>Tells whether a target is <c>*</c> or an authority: <c>@path</c> does not tell it from <c>/</c> then.</summary>
    public static bool IsPathless(ReadOnlySpan<char> raw) => !raw.IsEmpty && raw[0] != '/' && !raw.Contains("://", StringComparison.Ordinal);

    public static bool TryParse<T>(scoped in T message, out RequestTarget target)
        where T : ISignableMessage
    {
        target = default;
        var raw = message.RequestTarget;

        // RFC 9112 §3.2: printable characters without a fragment; an empty target is never rebuilt from other sources.
        if (raw.IsEmpty || raw.ContainsAnyExcept(TargetCharacters))
        {
            return false;
        }

        if (raw[0] == '/')
        {
            target = new RequestTarget(message.Scheme, message.Authority, raw);
            return true;
        }

        // RFC 9112 §3.3: the authority form is the authority of the target URI; `*` leaves it to Host.
        var schemeEnd = raw.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd < 0)
        {
            target = new RequestTarget(message.Scheme, raw is "*" ? message.Authority : raw, default);
            return true;
        }

        // RFC 3986 §3.1: what stands before the colon is a scheme, or this is no URI.
        if (schemeEnd == 0 || !char.IsAsciiLetter(raw[0]) || raw[..schemeEnd].ContainsAnyExcept(SchemeCharacters))
        {
            return false;
        }

        // RFC 9112 §3.2.2: in absolute form the authority of the target wins over Host.
        var rest = raw[(schemeEnd + 3)..];
        var authorityEnd = rest.IndexOfAny('/', '?');
        authorityEnd = authorityEnd < 0 ? rest.Length : authorityEnd;
        target = new RequestTarget(raw[..schemeEnd], rest[..authorityEnd], rest[authorityEnd..]);
        return true;
    }
}
