using System.Globalization;
using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>Holds what the inner handler is going to send of one request, read once and without parsing anything. One for each thread.</summary>
internal sealed class RequestParts
{
    // A DNS name has at most 253 characters; brackets, colon and port follow.
    private const int AuthorityLength = 272;
    private const int LinesPerField = 2;

    [ThreadStatic]
    private static RequestParts? _ofThisThread;

    private char[] _authority = new char[AuthorityLength];
    private int _authorityLength;
    private string[] _names = [];
    private string?[] _lines = [];

    private RequestParts()
    {
    }

    public string Method { get; private set; } = "";

    public string Scheme { get; private set; } = "";

    public string Target { get; private set; } = "";

    public ReadOnlySpan<char> Authority => _authority.AsSpan(0, _authorityLength);

    /// <summary>Reads the request; the result is valid until the same thread reads the next.</summary>
    public static RequestParts Read(HttpRequestMessage request, string[] names)
    {
        Uri uri = request.RequestUri!;
        RequestParts parts = _ofThisThread ??= new RequestParts();

        parts.Scheme = Transport.SchemeOf(uri);
        if (OperatingSystem.IsBrowser())
        {
            parts.Method = Fetch.MethodOf(request.Method);
            parts.Target = Fetch.TargetOf(uri);
            Fetch.Parse(request);

            // What stands in Host is not sent.
            parts.SetAuthority(uri);
        }
        else
        {
            // SocketsHttpHandler sends the methods it knows in upper case, whatever the case they were given in.
            parts.Method = HttpMethod.Parse(request.Method.Method).Method;
            parts.Target = uri.PathAndQuery;
            parts.ReadAuthority(request, uri);
        }

        parts.ReadFields(request, names);
        return parts;
    }

    /// <summary>Lets go of the strings, which may hold a token.</summary>
    public void Clear() => Array.Clear(_lines);

    public ReadOnlySpan<char> GetLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = 0;
        int field = IndexOf(lowerCaseName);
        if (field < 0)
        {
            return default;
        }

        (string? first, string? second) = _lines[field] is { } line ? (line, _lines[field + 1]) : (_lines[field + 1], null);
        count = (first is null ? 0 : 1) + (second is null ? 0 : 1);
        return index switch { 0 => first, 1 => second, _ => default };
    }

    /// <summary>Sums up the values of all fields but the signatures, to see later whether they are still the same.</summary>
    public int ComputeFingerprint()
    {
        HashCode hash = default;
        for (int i = SigningProfile.SignatureFields * LinesPerField; i < _names.Length * LinesPerField; i++)
        {
            hash.Add(_lines[i] is { } line ? string.GetHashCode(line, StringComparison.Ordinal) : 0);
        }

        return hash.ToHashCode();
    }

    private void ReadAuthority(HttpRequestMessage request, Uri uri)
    {
        if (request.Headers.NonValidated.TryGetValues(FieldNames.Host, out HeaderStringValues values))
        {
            // SocketsHttpHandler sends a Host it cannot parse beside one of its own, and two as one line.
            string host = values.Count == 1 && request.Headers.Host is { Length: > 0 } valid
                ? valid
                : throw new MessageSigningException(SignatureStatus.MissingComponent, "The request has a Host header that is not exactly one host and port.", "@authority");
            SetAuthority(host);
            return;
        }

        SetAuthority(uri);
    }

    private void SetAuthority(Uri uri)
    {
        // Of an IPv6 address only Host has the brackets, and like the wire no zone; of a name only IdnHost is ASCII.
        SetAuthority(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost);
        if (!uri.IsDefaultPort)
        {
            _authority[_authorityLength++] = ':';
            uri.Port.TryFormat(_authority.AsSpan(_authorityLength), out int written, default, CultureInfo.InvariantCulture);
            _authorityLength += written;
        }
    }

    private void SetAuthority(string host)
    {
        if (host.Length > _authority.Length - ":65535".Length)
        {
            _authority = new char[host.Length + ":65535".Length];
        }

        host.CopyTo(_authority);
        _authorityLength = host.Length;
    }

    private void ReadFields(HttpRequestMessage request, string[] names)
    {
        _names = names;
        if (_lines.Length < names.Length * LinesPerField)
        {
            _lines = new string?[names.Length * LinesPerField];
        }

        for (int i = 0; i < names.Length; i++)
        {
            _lines[i * LinesPerField] = ReadLine(request.Headers, names[i]);
            _lines[(i * LinesPerField) + 1] = ReadContentLine(request, names[i]);
        }
    }

    private static string? ReadContentLine(HttpRequestMessage request, string name)
    {
        if (request.Content is not { } content)
        {
            return null;
        }

        if (string.Equals(name, FieldNames.ContentLength, StringComparison.Ordinal))
        {
            // The length joins the headers when it is first asked for, and is not sent with a chunked body.
            return request.Headers.TransferEncodingChunked == true ? null : content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture);
        }

        return ReadLine(content.Headers, name);
    }

    // NonValidated, because asking in any other way parses the value and so changes what is sent. Several values are sent as
    // one line, joined as ToString joins them.
    private static string? ReadLine(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    private int IndexOf(ReadOnlySpan<char> lowerCaseName)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if (lowerCaseName.SequenceEqual(_names[i]))
            {
                return i * LinesPerField;
            }
        }

        return -1;
    }
}
