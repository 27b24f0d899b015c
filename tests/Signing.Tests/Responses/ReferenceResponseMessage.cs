namespace Signing.Tests.Responses;

/// <summary>Shows a <see cref="ReferenceResponse"/> to the core.</summary>
public readonly struct ReferenceResponseMessage(ReferenceResponse response) : ISignableMessage
{
    private readonly ReferenceResponse _response = response;

    public static bool IsResponse => true;

    public ReadOnlySpan<char> Method => _response.Request?.Method;

    public ReadOnlySpan<char> Scheme => _response.Request?.Scheme;

    public ReadOnlySpan<char> Authority => _response.Request?.Authority;

    public ReadOnlySpan<char> RequestTarget => _response.Request?.Target;

    public int Status => _response.Status;

    public ReadOnlySpan<char> RequestLabel => _response.RequestLabel;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) =>
        LineOf(_response.Lines(lowerCaseName.ToString()), index, out count);

    public ReadOnlySpan<char> GetRequestFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) =>
        LineOf(_response.Request?.Lines(lowerCaseName.ToString()) ?? [], index, out count);

    private static ReadOnlySpan<char> LineOf(IReadOnlyList<string> lines, int index, out int count)
    {
        count = lines.Count;
        return index < count ? lines[index] : default;
    }
}
