namespace Signing.Tests.Reference;

/// <summary>Shows a <see cref="ReferenceRequest"/> to the core.</summary>
public readonly struct ReferenceMessage(ReferenceRequest request) : ISignableMessage
{
    private readonly ReferenceRequest _request = request;

    public ReadOnlySpan<char> Method => _request.Method;

    public ReadOnlySpan<char> Scheme => _request.Scheme;

    public ReadOnlySpan<char> Authority => _request.Authority;

    public ReadOnlySpan<char> RequestTarget => _request.Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        var lines = _request.Lines(lowerCaseName.ToString());
        count = lines.Count;
        return index < count ? lines[index] : default;
    }
}
