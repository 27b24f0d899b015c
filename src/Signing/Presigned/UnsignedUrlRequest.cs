namespace Signing;

/// <summary>RFC 9421 §3.1. Shows a GET of an address that is not signed yet.</summary>
internal readonly struct UnsignedUrlRequest(string scheme, string authority, string target) : ISignableMessage
{
    public ReadOnlySpan<char> Method => "GET";

    public ReadOnlySpan<char> Scheme => scheme;

    public ReadOnlySpan<char> Authority => authority;

    public ReadOnlySpan<char> RequestTarget => target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = 0;
        return default;
    }
}
