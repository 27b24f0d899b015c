namespace Signing;

/// <summary>RFC 9421 §3.2. Shows the request that a presigned URL was made for: a GET of the target without the parameter, and no header field.</summary>
internal readonly struct SignedUrlRequest<T>(T message, int end) : ISignableMessage
    where T : ISignableMessage
{
    private readonly T _message = message;

    // RFC 9110 §9.3.2: HEAD is GET without its content, so whoever may GET may HEAD.
    public ReadOnlySpan<char> Method => "GET";

    public ReadOnlySpan<char> Scheme => _message.Scheme;

    public ReadOnlySpan<char> Authority => _message.Authority;

    // Nothing if it is another message than the one the signature was read from, which has no signature base then.
    public ReadOnlySpan<char> RequestTarget => end <= _message.RequestTarget.Length ? _message.RequestTarget[..end] : default;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = 0;
        return default;
    }
}
