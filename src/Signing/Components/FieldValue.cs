using System.Buffers;
using System.Text;

namespace Signing;

/// <summary>RFC 9421 §2.1. Writes the value of a header field as a component: its lines trimmed, unfolded and joined.</summary>
internal static class FieldValue
{
    /// <summary>Writes the value of a field.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is absent, or has no value that can be signed.</returns>
    public static bool TryWrite<T>(in T message, ReadOnlySpan<char> name, ref BaseBuffer buffer)
        where T : ISignableMessage =>
        TryWriteLines(message, name, binaryWrapped: false, ref buffer);

    /// <summary>Writes the value of the field an identifier names, in the form its parameters ask for.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it is absent, or has no value that can be signed.</returns>
    public static bool TryWrite<T>(in T message, in ComponentIdentifier identifier, FieldType type, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        if ((identifier.Flags & (ComponentFlags.StrictlySerialized | ComponentFlags.Key)) != 0)
        {
            return TryWriteStructured(message, identifier, type, ref buffer);
        }

        return TryWriteLines(message, identifier.Name, (identifier.Flags & ComponentFlags.BinaryWrapped) != 0, ref buffer);
    }

    private static bool TryWriteLines<T>(in T message, ReadOnlySpan<char> name, bool binaryWrapped, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        var line = message.GetFieldLine(name, 0, out var count);
        if (count == 0)
        {
            return false; // RFC 9421 §2.5: an absent field is an error; an empty one is the empty string.
        }

        AppendLine(line, binaryWrapped, ref buffer);
        for (var i = 1; i < count; i++)
        {
            buffer.Append(", "u8);
            AppendLine(message.GetFieldLine(name, i, out _), binaryWrapped, ref buffer);
        }

        return !buffer.Failed;
    }

    // RFC 9421 §2.1 steps 3 and 4; with bs, §2.1.3, what they leave of each line is base64.
    private static void AppendLine(ReadOnlySpan<char> line, bool binaryWrapped, ref BaseBuffer buffer)
    {
        if (line.Length > 0 && (line[0] is ' ' or '\t' || line[^1] is ' ' or '\t'))
        {
            line = line.Trim(" \t");
        }

        if (!binaryWrapped && !line.ContainsAnyExceptInRange(' ', '~'))
        {
            buffer.Append(line);
            return;
        }

        AppendUnfolded(line, binaryWrapped, ref buffer);
    }

    private static void AppendUnfolded(ReadOnlySpan<char> line, bool binaryWrapped, ref BaseBuffer buffer)
    {
        var plain = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        Unfold(line, ref plain);
        if (plain.Failed)
        {
            buffer.Fail(plain.IsTooLarge);
        }
        else if (binaryWrapped)
        {
            BareItemWriter.WriteByteSequence(plain.Written, ref buffer);
        }
        else
        {
            buffer.Append(plain.Written);
        }

        plain.Dispose();
    }

    // RFC 9421 §2.1 step 3: obsolete line folding, with the white space around it, is one space. Any other control character
    // or non-ASCII one has no place in a value; a horizontal tab has.
    private static void Unfold(ReadOnlySpan<char> line, ref BaseBuffer buffer)
    {
        while (true)
        {
            var fold = line.IndexOfAny('\r', '\n');
            var part = fold < 0 ? line : line[..fold].TrimEnd(" \t");
            if (HasForbidden(part))
            {
                buffer.Fail();
            }

            buffer.Append(part);
            if (fold < 0)
            {
                return;
            }

            var rest = line[fold..];
            rest = rest[(rest.StartsWith("\r\n") ? 2 : 1)..];
            if (line[fold] != '\n' && !line[fold..].StartsWith("\r\n") || rest.IsEmpty || rest[0] is not (' ' or '\t'))
            {
                buffer.Fail();
                return;
            }

            buffer.Append((byte)' ');
            line = rest.TrimStart(" \t");
        }
    }

    private static bool HasForbidden(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is (< ' ' or > '~') and not '\t')
            {
                return true;
            }
        }

        return false;
    }

    // RFC 9421 §2.1.1 and §2.1.2: the lines are combined before they are parsed.
    private static bool TryWriteStructured<T>(in T message, in ComponentIdentifier identifier, FieldType type, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        var combined = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        if (!TryWriteLines(message, identifier.Name, binaryWrapped: false, ref combined) || !buffer.TryCharge(combined.Written.Length))
        {
            if (combined.Failed)
            {
                buffer.Fail(combined.IsTooLarge);
            }

            combined.Dispose();
            return false;
        }

        var rented = ArrayPool<char>.Shared.Rent(combined.Written.Length);
        var text = rented.AsSpan(0, Encoding.ASCII.GetChars(combined.Written, rented));
        var found = true;
        if ((identifier.Flags & ComponentFlags.Key) != 0)
        {
            found = StructuredFieldWriter.WriteMember(text, identifier.Argument, ref buffer);
        }
        else
        {
            StructuredFieldWriter.WriteField(text, type, ref buffer);
        }

        combined.Dispose();
        ArrayPool<char>.Shared.Return(rented, clearArray: true);
        return found && !buffer.Failed;
    }
}
