namespace Signing;

/// <summary>RFC 9421 §2.1. Asks a message only how many lines a field has.</summary>
internal static class FieldLines
{
    public static int Count<T>(in T message, ReadOnlySpan<char> lowerCaseName)
        where T : ISignableMessage
    {
        message.GetFieldLine(lowerCaseName, 0, out var count);
        return count;
    }
}
