using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §2. Shows a request to the core as it came from the wire: the raw target, never the decoded path.</summary>
internal readonly struct HttpRequestView : ISignableMessage
{
    private readonly IHttpRequestFeature _request;
    private readonly IHeaderDictionary _fields;
    private readonly Origin? _origin;
    private readonly string _target;

    public HttpRequestView(HttpContext context, Origin? origin)
    {
        _request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        _fields = _request.Headers;
        _origin = origin;

        // A server that does not say what it received leaves this empty. It stays empty: the core refuses it.
        string raw = _request.RawTarget ?? "";
        _target = origin is null ? raw : origin.Restore(raw);
    }

    public ReadOnlySpan<char> Method => _request.Method;

    public ReadOnlySpan<char> Scheme => _origin is null ? _request.Scheme : _origin.Scheme;

    public ReadOnlySpan<char> Authority
    {
        get
        {
            if (_origin is not null)
            {
                return _origin.Authority;
            }

            // RFC 9112 §3.2: more than one Host is an error. Kestrel refuses it; another server may not.
            StringValues host = _fields.Host;
            return host.Count == 1 ? host[0] : default;
        }
    }

    public ReadOnlySpan<char> RequestTarget => _target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => FieldNames.LineOf(_fields, lowerCaseName, index, out count);
}
