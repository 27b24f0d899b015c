namespace Signing;

/// <summary>RFC 9651 §4.1. Writes what a reader reads, in the one strict form.</summary>
/// <remarks>A text that is malformed, or repeats a key, makes the buffer fail: what parsers may take differently has no one form.</remarks>
internal static class StructuredFieldWriter
{
    // RFC 9651 §3.1.2 and §3.2: what every parser has to support, and no more.
    private const int MaxParameters = 256;
    private const int MaxMembers = 1024;

    /// <summary>§4.1. Writes a whole field.</summary>
    public static void WriteField(ReadOnlySpan<char> text, FieldType type, ref BaseBuffer buffer)
    {
        var reader = new StructuredFieldReader(text);
        switch (type)
        {
            case FieldType.List:
                WriteList(ref reader, text, ref buffer);
                break;
            case FieldType.Dictionary:
                WriteDictionary(ref reader, text, ref buffer);
                break;
            default:
                WriteItem(ref reader, text, ref buffer);
                reader.TryReadEnd();
                break;
        }

        FailIf(reader.Failed, ref buffer);
    }

    /// <summary>RFC 9421 §2.1.2. Writes the value of one member of a Dictionary, without its key.</summary>
    /// <returns><see langword="true"/> if the member is there; <see langword="false"/> if it is not.</returns>
    public static bool WriteMember(ReadOnlySpan<char> text, ReadOnlySpan<char> member, ref BaseBuffer buffer)
    {
        var reader = new StructuredFieldReader(text);
        var keys = new KeySet(text, stackalloc int[KeySet.ScratchLength(MaxMembers)]);
        var found = false;
        while (!buffer.Failed && reader.TryReadKey(out var key))
        {
            FailIf(!keys.TryAdd(key), ref buffer);
            if (key.SequenceEqual(member))
            {
                found = true;
                WriteValue(ref reader, text, ref buffer);
                continue;
            }

            StructuredFieldSkipper.SkipValue(ref reader);
        }

        FailIf(reader.Failed, ref buffer);
        return found;
    }

    /// <summary>§4.1.1.1 and §4.1.3. Writes an Inner List or an Item with its parameters.</summary>
    public static void WriteValue(ref StructuredFieldReader reader, ReadOnlySpan<char> text, ref BaseBuffer buffer)
    {
        if (!reader.TryReadInnerListStart())
        {
            WriteItem(ref reader, text, ref buffer);
            return;
        }

        buffer.Append((byte)'(');
        var first = true;
        while (reader.TryReadInnerItem(out var item))
        {
            if (!first)
            {
                buffer.Append((byte)' ');
            }

            first = false;
            BareItemWriter.Write(item, ref buffer);
            WriteParameters(ref reader, text, ref buffer);
        }

        buffer.Append((byte)')');
        WriteParameters(ref reader, text, ref buffer);
    }

    private static void WriteList(ref StructuredFieldReader reader, ReadOnlySpan<char> text, ref BaseBuffer buffer)
    {
        var first = true;
        while (!buffer.Failed && reader.TryReadListMember())
        {
            if (!first)
            {
                buffer.Append(", "u8);
            }

            first = false;
            WriteValue(ref reader, text, ref buffer);
        }
    }

    private static void WriteDictionary(ref StructuredFieldReader reader, ReadOnlySpan<char> text, ref BaseBuffer buffer)
    {
        var keys = new KeySet(text, stackalloc int[KeySet.ScratchLength(MaxMembers)]);
        var first = true;
        while (!buffer.Failed && reader.TryReadKey(out var key))
        {
            if (!first)
            {
                buffer.Append(", "u8);
            }

            first = false;
            FailIf(!keys.TryAdd(key), ref buffer);
            buffer.Append(key);

            // §4.1.2 step 2.2: a member that is true is written as its key and parameters alone.
            var probe = reader;
            if (!probe.TryReadInnerListStart() && probe.TryReadBareItem(out var item) && item is { Type: BareItemType.Boolean, Number: 1 })
            {
                reader.TryReadBareItem(out _);
                WriteParameters(ref reader, text, ref buffer);
                continue;
            }

            buffer.Append((byte)'=');
            WriteValue(ref reader, text, ref buffer);
        }
    }

    private static void WriteItem(ref StructuredFieldReader reader, ReadOnlySpan<char> text, ref BaseBuffer buffer)
    {
        if (reader.TryReadBareItem(out var item))
        {
            BareItemWriter.Write(item, ref buffer);
            WriteParameters(ref reader, text, ref buffer);
        }
    }

    // §4.1.1.2
    private static void WriteParameters(ref StructuredFieldReader reader, ReadOnlySpan<char> text, ref BaseBuffer buffer)
    {
        var keys = new KeySet(text, stackalloc int[KeySet.ScratchLength(MaxParameters)]);
        while (!buffer.Failed && reader.TryReadParameter(out var key, out var value))
        {
            FailIf(!keys.TryAdd(key), ref buffer);
            buffer.Append((byte)';');
            buffer.Append(key);
            if (value is not { Type: BareItemType.Boolean, Number: 1 })
            {
                buffer.Append((byte)'=');
                BareItemWriter.Write(value, ref buffer);
            }
        }
    }

    private static void FailIf(bool condition, ref BaseBuffer buffer)
    {
        if (condition)
        {
            buffer.Fail();
        }
    }
}
