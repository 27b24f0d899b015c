namespace Signing;

/// <summary>RFC 9421 §2.5. Writes the signature base: the exact bytes that are signed.</summary>
internal static class SignatureBase
{
    private const string SignatureParams = "\"@signature-params\": ";

    /// <summary>Writes the base for one list of covered components with its parameters.</summary>
    /// <param name="message">The message.</param>
    /// <param name="text">The covered components and parameters: an Inner List.</param>
    /// <param name="isCanonical">Whether <paramref name="text"/> is in the strict form already.</param>
    /// <param name="fieldTypes">Structured fields beyond those that are registered.</param>
    /// <param name="buffer">Takes the base.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; else why there is no base.</returns>
    public static SignatureStatus Write<T>(scoped in T message, ReadOnlySpan<char> text, bool isCanonical, IReadOnlyDictionary<string, FieldType> fieldTypes, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        var reader = new StructuredFieldReader(text);
        if (!reader.TryReadInnerListStart())
        {
            return SignatureStatus.MalformedSignatureInput;
        }

        // A response may be signed without a word about its request, which need not be known then.
        var hasTarget = RequestTarget.TryParse(message, out var target);
        if (!T.IsResponse && !hasTarget)
        {
            return SignatureStatus.MissingComponent;
        }

        while (reader.TryReadInnerItem(out var name))
        {
            var start = reader.Position - name.Raw.Length;
            var status = ComponentIdentifier.Read(ref reader, name, T.IsResponse, out var identifier);
            if (status != SignatureStatus.Verified)
            {
                return status;
            }

            // RFC 9421 §2.5 step 2: the identifier, colon, space, value, newline.
            WriteText(text[start..reader.Position], isCanonical, ref buffer);
            buffer.Append(": "u8);
            status = T.IsResponse
                ? WriteResponseValue(message, hasTarget, target, identifier, fieldTypes, ref buffer)
                : WriteValue(message, target, identifier, fieldTypes, ref buffer);
            if (status != SignatureStatus.Verified)
            {
                return buffer.IsTooLarge ? SignatureStatus.TooLarge : status;
            }

            buffer.Append((byte)'\n');
        }

        // RFC 9421 §2.5 step 3: the parameters are the last line, without a newline.
        buffer.Append(SignatureParams);
        WriteText(text, isCanonical, ref buffer);
        if (buffer.IsTooLarge)
        {
            return SignatureStatus.TooLarge;
        }

        return reader.Failed || buffer.Failed ? SignatureStatus.MalformedSignatureInput : SignatureStatus.Verified;
    }

    /// <summary>Writes the base for a known list of covered components.</summary>
    /// <param name="message">The message.</param>
    /// <param name="list">The list.</param>
    /// <param name="text">The list and the parameters, in the strict form.</param>
    /// <param name="buffer">Takes the base.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; else why there is no base.</returns>
    public static SignatureStatus Write<T>(scoped in T message, ComponentList list, ReadOnlySpan<char> text, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        if (!RequestTarget.TryParse(message, out var target))
        {
            return SignatureStatus.MissingComponent;
        }

        foreach (ref readonly var line in list.Lines.AsSpan())
        {
            // RFC 9421 §2.5 step 2: the identifier, colon, space, value, newline.
            buffer.Append(line.Start);
            var written = line.Derived == DerivedComponents.None
                ? FieldValue.TryWrite(message, line.Name, ref buffer)
                : DerivedValue.TryWrite(message, target, line.Derived, default, ref buffer) && !buffer.Failed;
            if (!written)
            {
                return buffer.IsTooLarge ? SignatureStatus.TooLarge : SignatureStatus.MissingComponent;
            }
        }

        // RFC 9421 §2.5 step 3: the parameters are the last line, without a newline.
        buffer.Append(list.Last);
        buffer.Append(text[list.Text.Length..]);
        if (buffer.IsTooLarge)
        {
            return SignatureStatus.TooLarge;
        }

        return buffer.Failed ? SignatureStatus.MalformedSignatureInput : SignatureStatus.Verified;
    }

    /// <summary>Finds the first component of a list that has no value in the message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="text">The list as received.</param>
    /// <param name="fieldTypes">The types of fields.</param>
    /// <returns>Its identifier as received; <see langword="null"/> if there is none, or the message has no target at all.</returns>
    public static string? FindMissing<T>(scoped in T message, ReadOnlySpan<char> text, IReadOnlyDictionary<string, FieldType> fieldTypes)
        where T : ISignableMessage
    {
        Span<byte> room = stackalloc byte[BaseBuffer.InitialBytes];
        var reader = new StructuredFieldReader(text);
        var hasTarget = RequestTarget.TryParse(message, out var target);
        if (!reader.TryReadInnerListStart() || (!T.IsResponse && !hasTarget))
        {
            return null;
        }

        while (reader.TryReadInnerItem(out var name))
        {
            var start = reader.Position - name.Raw.Length;
            var buffer = new BaseBuffer(room);
            var status = ComponentIdentifier.Read(ref reader, name, T.IsResponse, out var identifier);
            if (status == SignatureStatus.Verified)
            {
                status = T.IsResponse
                    ? WriteResponseValue(message, hasTarget, target, identifier, fieldTypes, ref buffer)
                    : WriteValue(message, target, identifier, fieldTypes, ref buffer);
            }

            buffer.Dispose();
            if (status != SignatureStatus.Verified)
            {
                return status == SignatureStatus.MissingComponent ? text[start..reader.Position].ToString() : null;
            }
        }

        return null;
    }

    private static SignatureStatus WriteResponseValue<T>(
        in T message, bool hasTarget, in RequestTarget target, in ComponentIdentifier identifier, IReadOnlyDictionary<string, FieldType> fieldTypes, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        if (identifier.Derived == DerivedComponents.Status)
        {
            return StatusValue.TryWrite(message.Status, ref buffer) ? SignatureStatus.Verified : SignatureStatus.MissingComponent;
        }

        if (identifier.Derived != DerivedComponents.None && !hasTarget)
        {
            return SignatureStatus.MissingComponent;
        }

        // RFC 9421 §2.4: the value is made as always, of the request in place of the response.
        return identifier.Derived == DerivedComponents.None && (identifier.Flags & ComponentFlags.Request) != 0
            ? WriteValue(new RequestFields<T>(message), target, identifier, fieldTypes, ref buffer)
            : WriteValue(message, target, identifier, fieldTypes, ref buffer);
    }

    private static SignatureStatus WriteValue<T>(in T message, in RequestTarget target, in ComponentIdentifier identifier, IReadOnlyDictionary<string, FieldType> fieldTypes, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        if (identifier.Derived != DerivedComponents.None)
        {
            return DerivedValue.TryWrite(message, target, identifier.Derived, identifier.Argument, ref buffer) && !buffer.Failed ? SignatureStatus.Verified : SignatureStatus.MissingComponent;
        }

        var type = FieldType.Unknown;
        if ((identifier.Flags & (ComponentFlags.StrictlySerialized | ComponentFlags.Key)) != 0)
        {
            // RFC 9421 §2.1.1 and §2.1.2: only a field of known type is serialised, only a Dictionary has members.
            type = StructuredFieldTypes.Find(fieldTypes, identifier.Name);
            if (type == FieldType.Unknown || ((identifier.Flags & ComponentFlags.Key) != 0 && type != FieldType.Dictionary))
            {
                return SignatureStatus.UnsupportedComponent;
            }
        }

        return FieldValue.TryWrite(message, identifier, type, ref buffer) ? SignatureStatus.Verified : SignatureStatus.MissingComponent;
    }

    // RFC 9421 §3.2 step 7: what was received is serialised anew, so spaces that mean nothing do not count.
    private static void WriteText(ReadOnlySpan<char> text, bool isCanonical, ref BaseBuffer buffer)
    {
        if (isCanonical)
        {
            buffer.Append(text);
            return;
        }

        var reader = new StructuredFieldReader(text);
        StructuredFieldWriter.WriteValue(ref reader, text, ref buffer);
    }
}
