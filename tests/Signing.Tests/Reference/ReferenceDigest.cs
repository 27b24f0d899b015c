using System.Security.Cryptography;

namespace Signing.Tests.Reference;

/// <summary>RFC 9530 §2. Content-Digest over the whole content, with the two Active algorithms of §5.</summary>
public static class ReferenceDigest
{
    // Every member is a Byte Sequence and stands there once, at least one is supported, every supported one matches.
    public static SignatureStatus Verify(IReadOnlyList<string> lines, byte[] content)
    {
        if (lines.Count == 0)
        {
            return SignatureStatus.MissingDigest;
        }

        if (lines.Count > SignatureLimits.MaxContentDigestMembers || lines.Sum(line => line.Length) > SignatureLimits.MaxContentDigestLength)
        {
            return SignatureStatus.TooLarge;
        }

        // As in Signature-Input: each line is a dictionary by itself, and so is their combination.
        var trimmed = lines.Select(line => line.Trim(' ', '\t')).ToList();
        if (trimmed.Any(line => SfParser.TryParse(line, SfFieldType.Dictionary) is null)
            || SfParser.TryParse(string.Join(", ", trimmed), SfFieldType.Dictionary) is not { HasDuplicateKeys: false } field
            || field.Members.Any(member => member is not SfItem { Value.Kind: SfKind.ByteSequence, HasDuplicateParameters: false }))
        {
            return SignatureStatus.UnsupportedDigest;
        }

        var entries = field.Dictionary!;
        if (entries.Count > SignatureLimits.MaxContentDigestMembers)
        {
            return SignatureStatus.TooLarge;
        }

        var supported = entries.Where(entry => entry.Key is "sha-256" or "sha-512").ToList();
        if (supported.Count == 0)
        {
            return SignatureStatus.UnsupportedDigest;
        }

        return supported.All(entry => Bytes(entry).SequenceEqual(Compute(entry.Key, content)))
            ? SignatureStatus.Verified
            : SignatureStatus.DigestMismatch;
    }

    public static string Field(string algorithm, byte[] content) =>
        SfSerializer.Dictionary([new SfEntry(algorithm, new SfItem(SfBareItem.Bytes(Compute(algorithm, content)), []))]);

    private static byte[] Bytes(SfEntry entry) => (byte[])((SfItem)entry.Member).Value.Value;

    private static byte[] Compute(string algorithm, byte[] content) => algorithm == "sha-256" ? SHA256.HashData(content) : SHA512.HashData(content);
}
