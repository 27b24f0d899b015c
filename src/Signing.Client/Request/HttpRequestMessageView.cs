namespace Signing.Client;

/// <summary>RFC 9421 §2. Shows the core the parts of an outgoing request as they are going to be sent.</summary>
internal readonly struct HttpRequestMessageView(RequestParts parts) : ISignableMessage
{
    public ReadOnlySpan<char> Method => parts.Method;

    public ReadOnlySpan<char> Scheme => parts.Scheme;

    public ReadOnlySpan<char> Authority => parts.Authority;

    public ReadOnlySpan<char> RequestTarget => parts.Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => parts.GetLine(lowerCaseName, index, out count);
}
