using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signing;

/// <summary>RFC 9530 §2. Says why a content does not match its digest.</summary>
internal static class ContentComparison
{
    public static Finding? Compare<T>(in T message, byte[] content)
        where T : ISignableMessage
    {
        if (!ContentDigest.TryRead(message, out var expected, out var refusal))
        {
            var lines = CapturedSignature.LinesOf(message, "content-digest");
            return refusal == SignatureStatus.MissingDigest ? null : Misnamed(lines, content) ?? Unsupported(lines);
        }

        if (Matches(content, expected))
        {
            return null;
        }

        if (Misnamed(CapturedSignature.LinesOf(message, "content-digest"), content) is { } misnamed)
        {
            return misnamed;
        }

        var lengths = CapturedSignature.LinesOf(message, "content-length");
        if (lengths.Length == 1 && long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > content.Length)
        {
            return new(MismatchCause.ContentChanged, string.Create(CultureInfo.InvariantCulture, $"{content.Length} of the {length} bytes that Content-Length announces are there; capture the whole content"));
        }

        foreach (var unpacked in ContentForms.Unpacked(content))
        {
            if (Matches(unpacked, expected))
            {
                return new(MismatchCause.ContentCompressed, "the digest is that of the content before it was compressed; compute it over the bytes as sent (RFC 9530 section 2), so compress before you sign");
            }
        }

        foreach (var form in ContentForms.Rewritten(content))
        {
            if (Matches(form, expected))
            {
                return new(MismatchCause.ContentReserialized, "the digest is that of the same content written in another way, so a handler or gateway parsed it and wrote it anew; digest and send the same bytes, and have them passed on as they are");
            }
        }

        return Unexplained(CapturedSignature.LinesOf(message, "content-encoding"), CapturedSignature.LinesOf(message, "content-type"), content);
    }

    /// <summary>Checks a content that is here as a whole against its digest.</summary>
    public static SignatureStatus Verify(byte[] content, in ExpectedDigest expected)
    {
        using var hasher = ContentHasher.Rent(expected.Algorithms);
        hasher.Append(content);
        return hasher.Verify(expected);
    }

    private static Finding Unsupported(string[] lines)
    {
        var names = string.Join(", ", lines).Split(',', StringSplitOptions.TrimEntries).Select(member => member.Split('=')[0]).Distinct(StringComparer.Ordinal);
        return new(MismatchCause.DigestOfAnotherAlgorithm, $"{ShownValue.Of(string.Join(", ", names), null)} is not supported, or is not written as base64 between colons; send sha-256 or sha-512 as RFC 9530 section 2 writes it");
    }

    private static Finding Unexplained(string[] codings, string[] types, byte[] content)
    {
        if (content.Length == 0)
        {
            return new(MismatchCause.ContentChanged, "the content is missing here; usually it was not captured, or a redirect or proxy dropped it");
        }

        if (codings.Length > 0 && codings[^1] is not ("identity" or "") && !ContentForms.Unpacked(content).Any())
        {
            return new(MismatchCause.ContentCompressed, $"Content-Encoding says {ShownValue.Of(codings[^1], null)} and the content is not packed, so usually a proxy or server unpacked it before the digest was checked; check the digest over the bytes as received");
        }

        return types.Length > 0 && (types[0].Contains("json", StringComparison.OrdinalIgnoreCase) || types[0].Contains("form", StringComparison.OrdinalIgnoreCase))
            ? new(MismatchCause.ContentChanged, "usually a handler or gateway parsed it and wrote it anew in a way that is not recognised here, or it was changed; digest and send the same bytes, and have them passed on as they are")
            : new(MismatchCause.ContentChanged, "it was changed after it was digested, in a way that is not recognised here; compute the digest over the bytes as sent, after compression");
    }

    // A digest by the wrong name, or in hexadecimal digits, which are base64 by chance or were encoded a second time.
    private static Finding? Misnamed(string[] lines, byte[] content)
    {
        var field = string.Join(", ", lines);
        List<(string Name, byte[] Digest)> digests =
        [
            ("sha-512", SHA512.HashData(content)), ("sha-256", SHA256.HashData(content)), ("sha-384", SHA384.HashData(content)),
#pragma warning disable CA5350, CA5351 // Weak algorithms: they are recognised here in order to be refused by name.
            ("sha-1", SHA1.HashData(content)),
        ];
        if (!OperatingSystem.IsBrowser())
        {
            digests.Add(("md5", MD5.HashData(content)));
        }
#pragma warning restore CA5350, CA5351 // Weak algorithms: recognised above, and used nowhere.

        foreach ((var name, var digest) in digests)
        {
            var value = Convert.ToBase64String(digest);
            var written = lines.SelectMany(line => line.Split(',')).Where(member => member.Contains(value, StringComparison.Ordinal)).Select(NameOf).FirstOrDefault(it => it != name);
            if (written is not null && (written is "md5" || digests.Exists(known => known.Name == written)))
            {
                return new(MismatchCause.DigestOfAnotherAlgorithm, $"its value is the {name} of the content under the name of another algorithm; write the digest that the name promises, as base64 of its bytes between colons");
            }

            if (written is not null && name is ("sha-512" or "sha-256"))
            {
                return new(MismatchCause.DigestOfAnotherAlgorithm, $"its value is the {name} of the content, and its name is not {name}, in small letters and with the hyphen; write {name}=:...: with the base64 between the colons");
            }

            var digits = Convert.ToHexString(digest);
            if (field.Contains(digits, StringComparison.OrdinalIgnoreCase) || Contains(field, digits) || Contains(field, digits.ToLowerInvariant()))
            {
                return new(MismatchCause.DigestOfAnotherAlgorithm, $"its value is the {name} of the content in hexadecimal digits; write the bytes of the digest themselves, as base64 between colons");
            }
        }

        return null;
    }

    // RFC 9530 section 5 calls SHA-1 sha.
    private static string NameOf(string member)
    {
        var name = member.Split('=')[0].Trim();
        return name is "sha" ? "sha-1" : name;
    }

    private static bool Contains(string field, string digits) => field.Contains(Convert.ToBase64String(Encoding.ASCII.GetBytes(digits)), StringComparison.Ordinal);

    private static bool Matches(byte[] content, in ExpectedDigest expected) => Verify(content, expected) == SignatureStatus.Verified;
}
