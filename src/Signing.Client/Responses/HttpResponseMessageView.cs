namespace Signing.Client;

/// <summary>RFC 9421 §2.4. Shows the core an answer with the request that it answers.</summary>
internal readonly struct HttpResponseMessageView(ResponseParts parts) : ISignableMessage
{
    public static bool IsResponse => true;

    public ReadOnlySpan<char> Method => parts.Method;

    public ReadOnlySpan<char> Scheme => parts.Scheme;

    public ReadOnlySpan<char> Authority => parts.Authority;

    public ReadOnlySpan<char> RequestTarget => parts.Target;

    public int Status => parts.Status;

    public ReadOnlySpan<char> RequestLabel => parts.Label;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => parts.GetLine(lowerCaseName, index, out count);

    public ReadOnlySpan<char> GetRequestFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => parts.GetRequestLine(lowerCaseName, index, out count);
}
