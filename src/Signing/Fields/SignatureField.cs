namespace Signing;

/// <summary>RFC 9421 §4.2. Reads <c>Signature</c>: each label with its MAC.</summary>
internal static class SignatureField
{
    public const string FieldName = "signature";

    /// <summary>Reads all lines and gives the candidates their MACs.</summary>
    /// <param name="message">The message.</param>
    /// <param name="labels">The labels of <c>Signature-Input</c>; the two fields must have the same.</param>
    /// <param name="candidates">The candidates; those whose value cannot be a MAC of ours are left out.</param>
    /// <returns><see cref="SignatureStatus.Verified"/> if a candidate is left; else why not.</returns>
    public static SignatureStatus Read<T>(in T message, ref LabelSet labels, ref SignatureCandidates candidates)
        where T : ISignableMessage
    {
        var lines = message.CountFieldLines(FieldName);
        if (lines > SignatureLimits.MaxFieldLines)
        {
            return SignatureStatus.TooLarge;
        }

        var length = 0;
        var first = new Received();
        var second = new Received();
        for (var line = 0; line < lines; line++)
        {
            var before = labels.Matched;
            var received = message.GetFieldLine(FieldName, line);
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

                if (index == candidates[0].Label)
                {
                    first.Read(ref reader, text);
                }
                else if (candidates.Count > 1 && index == candidates[1].Label)
                {
                    second.Read(ref reader, text);
                }
                else
                {
                    StructuredFieldSkipper.SkipValue(ref reader);
                }
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

        var accepted = first.IsMac ? new SignatureCandidates(new SignatureCandidate(candidates[0], first.Mac)) : default;
        candidates = second.IsMac ? accepted.With(new SignatureCandidate(candidates[1], second.Mac)) : accepted;
        return candidates.Count > 0 ? SignatureStatus.Verified : SignatureStatus.MalformedSignature;
    }

    private ref struct Received
    {
        public MacBytes Mac;
        public bool IsMac;

        // RFC 9421 §4.2: a Byte Sequence; its parameters mean nothing. Of another length it is no MAC of this algorithm.
        public void Read(ref StructuredFieldReader reader, ReadOnlySpan<char> text)
        {
            if (reader.TryReadInnerListStart())
            {
                StructuredFieldSkipper.SkipInnerList(ref reader);
                return;
            }

            IsMac = reader.TryReadBareItem(out var item) && item.TryDecodeBytes(Mac, out var written) && written == HmacSha256.MacSize;
            IsMac &= StructuredFieldSkipper.SkipDistinctParameters(ref reader, text);
        }
    }
}
