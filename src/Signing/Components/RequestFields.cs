namespace Signing;

/// <summary>RFC 9421 §2.4. Shows the fields of the request that a response answers, as its own are shown.</summary>
internal readonly struct RequestFields<T>(T response) : ISignableMessage
    where T : ISignableMessage
{
    private readonly T _response = response;

    public ReadOnlySpan<char> Method => _response.Method;

    public ReadOnlySpan<char> Scheme => _response.Scheme;

    public ReadOnlySpan<char> Authority => _response.Authority;

    public ReadOnlySpan<char> RequestTarget => _response.RequestTarget;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) =>
        _response.GetRequestFieldLine(lowerCaseName, index, out count);
}
