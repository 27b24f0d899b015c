using System.Globalization;

namespace Signing;

/// <summary>RFC 9421 §4. Picks a label that no signature of the message has yet.</summary>
internal static class FreshLabel
{
    /// <summary>Characters of the longest label: a policy's, and a number.</summary>
    public const int MaxLength = 48;

    /// <summary>Writes the preferred label, or the first with a number behind it that is free.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if the message has as many labels as it may.</returns>
    public static bool TryWrite<T>(in T message, string preferred, Span<char> destination, out int written)
        where T : ISignableMessage
    {
        preferred.CopyTo(destination);
        written = preferred.Length;
        if (FieldLines.Count(message, SignatureInput.FieldName) == 0)
        {
            return true;
        }

        for (var number = 2; IsTaken(message, destination[..written]); number++)
        {
            if (number > SignatureLimits.MaxLabels)
            {
                written = 0;
                return false;
            }

            number.TryFormat(destination[preferred.Length..], out var digits, default, CultureInfo.InvariantCulture);
            written = preferred.Length + digits;
        }

        return true;
    }

    private static bool IsTaken<T>(in T message, ReadOnlySpan<char> label)
        where T : ISignableMessage
    {
        for (int line = 0, lines = 1; line < lines; line++)
        {
            var reader = new StructuredFieldReader(SignatureInput.Trim(message.GetFieldLine(SignatureInput.FieldName, line, out lines)));
            while (reader.TryReadKey(out var key))
            {
                if (key.SequenceEqual(label))
                {
                    return true;
                }

                StructuredFieldSkipper.SkipValue(ref reader);
            }
        }

        return false;
    }
}
