namespace Signing;

/// <summary>RFC 9421 §4.2. Reads <c>Signature</c>: each label with its MAC.</summary>
internal static class SignatureField
{
    public const string FieldName = "signature";

    /// <summary>Reads all lines and gives the candidates their MACs.</summary>
    /// <param name="message">The message.</param>
    /// <param name="labels">The labels of <c>Signature-Input</c>; the two fields must have the same.</param>
    /// <param name="candidates">The candidates; those whose value cannot be a MAC of ours are left out.</param>
    /// <param name="macs">The labels, as bits in their order, whose value can be a MAC of ours.</param>
    /// <returns><see cref="SignatureStatus.Verified"/> if a candidate is left; else why not.</returns>
    public static SignatureStatus Read<T>(in T message, ref LabelSet labels, ref SignatureCandidates candidates, out uint macs)
        where T : ISignableMessage
    {
        macs = 0;
        Span<byte> foreign = stackalloc byte[HmacSha256.MacSize];
        var received = message.GetFieldLine(FieldName, 0, out var lines);
        if (lines > SignatureLimits.MaxFieldLines)
        {
            return SignatureStatus.TooLarge;
        }

        var length = 0;
        var first = false;
        var second = false;
        for (var line = 0; line < lines; line++)
        {
            var before = labels.Matched;
            received = line == 0 ? received : message.GetFieldLine(FieldName, line, out _);
            length += received.Length;
            if (length > SignatureLimits.MaxSignatureLength)
            {
                return SignatureStatus.TooLarge;
            }

            var text = SignatureInput.Trim(received);
            var reader = new StructuredFieldReader(text);
            while (reader.TryReadKey(out var label))
            {
                // RFC 9421 §4: both fields have the same labels, each once.
                var index = labels.Match(message, label);
                if (index < 0)
                {
                    return SignatureStatus.MalformedSignature;
                }

                var candidate = candidates.IndexOf(index);
                var isMac = ReadMac(ref reader, text, candidate < 0 ? foreign : candidates.MacOf(candidate));
                macs |= isMac ? 1u << index : 0;
                first |= isMac && candidate == 0;
                second |= isMac && candidate == 1;
            }

            if (reader.Failed || (lines > 1 && labels.Matched == before))
            {
                return SignatureStatus.MalformedSignature;
            }
        }

        if (labels.Matched != labels.Count)
        {
            return SignatureStatus.MalformedSignature;
        }

        candidates.Keep(first, second);
        return candidates.Count > 0 ? SignatureStatus.Verified : SignatureStatus.MalformedSignature;
    }

    // RFC 9421 §4.2: a Byte Sequence; its parameters mean nothing. Of another length it is no MAC of this algorithm.
    private static bool ReadMac(ref StructuredFieldReader reader, ReadOnlySpan<char> text, scoped Span<byte> mac)
    {
        if (reader.TryReadInnerListStart())
        {
            StructuredFieldSkipper.SkipInnerList(ref reader);
            return false;
        }

        var isMac = reader.TryReadBareItem(out var item) && item.TryDecodeBytes(mac, out var written) && written == HmacSha256.MacSize;
        return StructuredFieldSkipper.SkipDistinctParameters(ref reader, text) && isMac;
    }
}
