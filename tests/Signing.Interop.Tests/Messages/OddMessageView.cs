namespace Signing.Interop.Tests.Messages;

/// <summary>RFC 9421 §2. Shows our core such a message.</summary>
public readonly struct OddMessageView(OddMessage message) : ISignableMessage
{
    public ReadOnlySpan<char> Method => message.Method;

    public ReadOnlySpan<char> Scheme => message.Scheme;

    public ReadOnlySpan<char> Authority => message.Authority;

    public ReadOnlySpan<char> RequestTarget => message.Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        string name = lowerCaseName.ToString();
        string[] lines = [.. message.Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];
        count = lines.Length;
        return index < count ? lines[index] : default;
    }
}
