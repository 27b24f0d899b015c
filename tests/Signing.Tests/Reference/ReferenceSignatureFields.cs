namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §4. Reads Signature-Input and Signature of a message.</summary>
public static class ReferenceSignatureFields
{
    // §4.1.
    public static List<ReferenceSignature> ReadInput(ReferenceRequest request)
    {
        var entries = Parse(request.Lines("signature-input"), SignatureLimits.MaxSignatureInputLength, SignatureStatus.MalformedSignatureInput);
        if (entries.Count > SignatureLimits.MaxLabels)
        {
            throw new RefusalException(SignatureStatus.TooLarge, "labels");
        }

        if (entries.Count == 0)
        {
            // §4: the two fields come as a pair.
            throw request.Has("signature")
                ? new RefusalException(SignatureStatus.MalformedSignatureInput, "Signature stands alone")
                : new RefusalException(SignatureStatus.MissingSignature, "there is none");
        }

        return entries.Select(entry => new ReferenceSignature(entry.Key, entry.Member)).ToList();
    }

    // §4.2. The MAC of each label; null where the member is not one.
    public static Dictionary<string, byte[]?> ReadMacs(ReferenceRequest request, IEnumerable<string> labels)
    {
        var entries = Parse(request.Lines("signature"), SignatureLimits.MaxSignatureLength, SignatureStatus.MalformedSignature);
        if (!entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal).SetEquals(labels))
        {
            throw new RefusalException(SignatureStatus.MalformedSignature, "the labels differ");
        }

        return entries.ToDictionary(entry => entry.Key, entry => MacOf(entry.Member), StringComparer.Ordinal);
    }

    // §3.3.3: HMAC-SHA256 has 32 bytes, all of which are compared.
    private static byte[]? MacOf(SfMember member) =>
        member is SfItem { HasDuplicateParameters: false, Value.Value: byte[] { Length: 32 } mac } ? mac : null;

    // Each line is a dictionary of its own, so that no member can span two, and so is their combination.
    private static IReadOnlyList<SfEntry> Parse(IReadOnlyList<string> lines, int maxLength, SignatureStatus malformed)
    {
        // Limits come before any parsing: they bound the work.
        if (lines.Count > SignatureLimits.MaxFieldLines || lines.Sum(line => line.Length) > maxLength)
        {
            throw new RefusalException(SignatureStatus.TooLarge, "the field");
        }

        var trimmed = lines.Select(line => line.Trim(' ', '\t')).ToList();
        if (trimmed.Any(line => SfParser.TryParse(line, SfFieldType.Dictionary) is null)
            || SfParser.TryParse(string.Join(", ", trimmed), SfFieldType.Dictionary) is not { HasDuplicateKeys: false } field)
        {
            throw new RefusalException(malformed, "not a dictionary, or a label twice");
        }

        return field.Dictionary!;
    }
}
