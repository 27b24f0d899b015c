namespace Signing;

/// <summary>RFC 9421 §4.3. Names in one signature of a message those that others have made of it before.</summary>
/// <remarks>
/// §7.3.7 warns of signatures of signatures, because whoever makes a key may make it give a value that is known already. For
/// an HMAC that is a preimage of SHA-256; and each signature that is covered here is verified by itself as well.
/// </remarks>
internal static class EarlierSignatures
{
    /// <summary>What stands before the label.</summary>
    public const string Start = " \"signature\";key=\"";

    /// <summary>What stands behind the label.</summary>
    public const string End = "\"";

    /// <summary>Counts the characters that the names of all signatures of a message take.</summary>
    /// <param name="message">The message.</param>
    /// <param name="room">How many components may be added.</param>
    /// <param name="length">The characters.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; else why they cannot be covered.</returns>
    public static SignatureStatus Measure<T>(in T message, int room, out int length)
        where T : ISignableMessage => Walk(message, room, default, out length);

    /// <summary>Writes the names of all signatures of a message, which were measured before.</summary>
    /// <returns>The characters written.</returns>
    public static int Write<T>(in T message, Span<char> destination)
        where T : ISignableMessage
    {
        Walk(message, SignatureLimits.MaxLabels, destination, out var written);
        return written;
    }

    /// <summary>Tells whether a list that was read before has the signature of a label, by its <c>key</c>: nobody can cover the whole field, which has one's own in it.</summary>
    public static bool IsCovered(ReadOnlySpan<char> list, ReadOnlySpan<char> label, bool isResponse)
    {
        var components = new ComponentReader(list, isResponse);
        while (components.TryRead(out var component))
        {
            var isKeyed = (component.Flags & ~ComponentFlags.StrictlySerialized) == ComponentFlags.Key;
            if (isKeyed && component.Name is SignatureField.FieldName && component.Argument.SequenceEqual(label))
            {
                return true;
            }
        }

        return false;
    }

    private static SignatureStatus Walk<T>(in T message, int room, Span<char> destination, out int length)
        where T : ISignableMessage
    {
        length = 0;
        for (int line = 0, lines = 1; line < lines; line++)
        {
            var reader = new StructuredFieldReader(SignatureInput.Trim(message.GetFieldLine(SignatureInput.FieldName, line, out lines)));
            while (lines > 0 && reader.TryReadKey(out var label))
            {
                if (room-- == 0)
                {
                    return SignatureStatus.TooLarge;
                }

                length = Add(Start, destination, length);
                length = Add(label, destination, length);
                length = Add(End, destination, length);
                StructuredFieldSkipper.SkipValue(ref reader);
            }

            if (reader.Failed)
            {
                return SignatureStatus.MalformedSignatureInput;
            }
        }

        return SignatureStatus.Verified;
    }

    private static int Add(ReadOnlySpan<char> text, Span<char> destination, int at)
    {
        if (!destination.IsEmpty)
        {
            text.CopyTo(destination[at..]);
        }

        return at + text.Length;
    }
}
