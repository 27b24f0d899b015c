using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Keeps of a verified request what its response is bound to, as the signature had it: what comes later may rewrite the request.</summary>
internal sealed class SignedRequest
{
    public SignedRequest(in HttpRequestView message, string label, SigningKey key, TimeProvider time, IHeaderDictionary fields, Endpoint? endpoint)
    {
        Method = message.Method.ToString();
        Scheme = message.Scheme.ToString();
        Authority = message.Authority.ToString();
        Target = message.RequestTarget.ToString();
        Label = label;
        Key = key;
        Time = time;
        Fields = fields;
        Endpoint = endpoint;
    }

    public string Method { get; }

    public string Scheme { get; }

    public string Authority { get; }

    public string Target { get; }

    public IHeaderDictionary Fields { get; }

    public string Label { get; }

    /// <summary>Gets the Secret that matched.</summary>
    public SigningKey Key { get; }

    public TimeProvider Time { get; }

    /// <summary>Gets what the request was routed to when it was verified: a handler of errors takes it away.</summary>
    public Endpoint? Endpoint { get; }
}
