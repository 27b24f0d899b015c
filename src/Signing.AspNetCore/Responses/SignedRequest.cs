using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Keeps of a verified request what its response is bound to, as the signature had it: what comes later may rewrite the request.</summary>
internal sealed class SignedRequest(in HttpRequestView message, string label, SigningKey key, TimeProvider time, IHeaderDictionary fields, Endpoint? endpoint)
{
    public string Method { get; } = message.Method.ToString();

    public string Scheme { get; } = message.Scheme.ToString();

    public string Authority { get; } = message.Authority.ToString();

    public string Target { get; } = message.RequestTarget.ToString();

    public IHeaderDictionary Fields { get; } = fields;

    public string Label { get; } = label;

    /// <summary>Gets the Secret that matched.</summary>
    public SigningKey Key { get; } = key;

    public TimeProvider Time { get; } = time;

    /// <summary>Gets what the request was routed to when it was verified: a handler of errors takes it away.</summary>
    public Endpoint? Endpoint { get; } = endpoint;
}
