namespace Signing.Tests.Digests;

/// <summary>A message of which only its <c>Content-Digest</c> lines matter.</summary>
internal readonly struct DigestMessage(params string[] lines) : ISignableMessage
{
    public ReadOnlySpan<char> Method => "POST";

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => "example.com";

    public ReadOnlySpan<char> RequestTarget => "/";

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = lowerCaseName is "content-digest" ? lines.Length : 0;
        return index < count ? lines[index] : default;
    }
}
