namespace Signing.Tests.Support;

/// <summary>Shows a raw request to the core as a server sees it.</summary>
public readonly struct RawRequestView(RawRequest request) : ISignableMessage
{
    public ReadOnlySpan<char> Method => request.Method;

    public ReadOnlySpan<char> Scheme => "http";

    public ReadOnlySpan<char> Authority => request["host"];

    public ReadOnlySpan<char> RequestTarget => request.Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        var lines = request.Lines(lowerCaseName.ToString());
        count = lines.Length;
        return index < count ? lines[index] : default;
    }
}
