namespace Signing;

/// <summary>Bounds what is read before anything is parsed.</summary>
internal static class FieldLines
{
    /// <summary>Tells whether the lines of a field are few and short enough.</summary>
    public static bool AreWithin<T>(in T message, ReadOnlySpan<char> name, int lines, int maxLength)
        where T : ISignableMessage
    {
        if (lines > SignatureLimits.MaxFieldLines)
        {
            return false;
        }

        var length = 0;
        for (var line = 0; line < lines; line++)
        {
            length += message.GetFieldLine(name, line).Length;
        }

        return length <= maxLength;
    }
}
