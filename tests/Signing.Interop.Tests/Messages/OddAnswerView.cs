namespace Signing.Interop.Tests.Messages;

/// <summary>RFC 9421 §2.4. Shows our core such a response, with the request that it answers.</summary>
public readonly struct OddAnswerView(OddAnswer answer) : ISignableMessage
{
    public static bool IsResponse => true;

    public ReadOnlySpan<char> Method => answer.Request.Method;

    public ReadOnlySpan<char> Scheme => answer.Request.Scheme;

    public ReadOnlySpan<char> Authority => answer.Request.Authority;

    public ReadOnlySpan<char> RequestTarget => answer.Request.Target;

    public int Status => answer.Status;

    public ReadOnlySpan<char> RequestLabel => "sig";

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => Line(answer.Fields, lowerCaseName, index, out count);

    public ReadOnlySpan<char> GetRequestFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => Line(answer.Request.Fields, lowerCaseName, index, out count);

    private static ReadOnlySpan<char> Line((string Name, string Value)[] fields, ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        string name = lowerCaseName.ToString();
        string[] lines = [.. fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];
        count = lines.Length;
        return index < count ? lines[index] : default;
    }
}
