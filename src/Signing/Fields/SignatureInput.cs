namespace Signing;

/// <summary>RFC 9421 §4.1. Reads <c>Signature-Input</c>: each label with its covered components and parameters.</summary>
internal static class SignatureInput
{
    public const string FieldName = "signature-input";

    /// <summary>Reads all lines and keeps the members that the policy accepts, as far as that needs no key.</summary>
    /// <param name="message">The message.</param>
    /// <param name="acceptance">What the policy accepts, now.</param>
    /// <param name="labels">Takes every label.</param>
    /// <param name="eligible">The labels, as bits in their order, that may become candidates.</param>
    /// <param name="candidates">Empty; takes the first eligible members that are accepted.</param>
    /// <param name="accepted">How many members are accepted, eligible or not.</param>
    /// <returns>
    /// <see cref="SignatureStatus.Verified"/> if there is a candidate; else why not: the field's own fault, or that of the first
    /// member with the right tag.
    /// </returns>
    public static SignatureStatus Read<T>(in T message, in Acceptance acceptance, ref LabelSet labels, uint eligible, ref SignatureCandidates candidates, out int accepted)
        where T : ISignableMessage
    {
        accepted = 0;
        var refusal = SignatureStatus.MissingSignature;
        var received = message.GetFieldLine(FieldName, 0, out var lines);
        if (lines > SignatureLimits.MaxFieldLines)
        {
            return SignatureStatus.TooLarge;
        }

        var length = 0;
        for (var line = 0; line < lines; line++)
        {
            received = line == 0 ? received : message.GetFieldLine(FieldName, line, out _);
            length += received.Length;
            if (length > SignatureLimits.MaxSignatureInputLength)
            {
                return SignatureStatus.TooLarge;
            }

            var text = Trim(received);
            var reader = new StructuredFieldReader(text);
            var before = labels.Count;
            while (reader.TryReadKey(out var label))
            {
                if (labels.IsFull)
                {
                    return SignatureStatus.TooLarge;
                }

                // RFC 9421 §4: a label is unique over all lines. A parser that lets the last win could be shown another signature.
                if (!labels.TryAdd(message, line, text, label))
                {
                    return SignatureStatus.MalformedSignatureInput;
                }

                var status = ReadMember(message, acceptance, ref reader, text, line, labels.Count - 1, eligible, ref candidates);
                if (reader.Failed)
                {
                    return SignatureStatus.MalformedSignatureInput;
                }

                accepted += status == SignatureStatus.Verified ? 1 : 0;
                refusal = refusal == SignatureStatus.MissingSignature ? status : refusal;
            }

            // An empty line between others would leave a lone comma in the combined value.
            if (reader.Failed || (lines > 1 && labels.Count == before))
            {
                return SignatureStatus.MalformedSignatureInput;
            }
        }

        return candidates.Count > 0 ? SignatureStatus.Verified : refusal;
    }

    /// <summary>Takes away the white space around a line, which HTTP does not count as its value. All positions in a line refer to the rest.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> line) => line.Trim(" \t");

    private static SignatureStatus ReadMember<T>(in T message, in Acceptance acceptance, ref StructuredFieldReader reader, ReadOnlySpan<char> text, int line, int label, uint eligible, ref SignatureCandidates candidates)
        where T : ISignableMessage
    {
        var start = reader.Position;

        // RFC 9421 §4.1: the value of a member is an Inner List. One that is not says nothing about the others.
        if (!reader.TryReadInnerListStart())
        {
            StructuredFieldSkipper.SkipValue(ref reader);
            return SignatureStatus.MalformedSignatureInput;
        }

        var status = CoveredComponents.Read(ref reader, text, acceptance.Coverage, T.IsResponse, out var derived, out var fields);
        if (status == SignatureStatus.TooLarge)
        {
            // What is left of it is still read: the members behind it are somebody else's.
            StructuredFieldSkipper.SkipParameters(ref reader);
            StructuredFieldSkipper.SkipInnerList(ref reader);
            return status;
        }

        var read = SignatureParameters.Read(ref reader, text, out var parameters);
        StructuredFieldSkipper.SkipParameters(ref reader);
        status = status == SignatureStatus.Verified ? read : status;
        if (status != SignatureStatus.Verified)
        {
            return status;
        }

        var member = start..reader.Position;
        status = acceptance.Check(message, parameters, derived, fields, text[member]);
        if (status == SignatureStatus.Verified && (eligible & (1u << label)) != 0 && candidates.Count < SignatureLimits.MaxCandidates)
        {
            var coversDigest = (fields & CoverageRules.ContentDigestBit) != 0;
            candidates.Add().Set(label, line, text, member, parameters, coversDigest, reader.IsCanonical, KnownLists.None);
        }

        return status;
    }
}
