using System.Security.Cryptography;

namespace Signing;

/// <summary>RFC 9530 §2. Writes and reads the <c>Content-Digest</c> field.</summary>
/// <remarks>
/// <c>sha-256</c> and <c>sha-512</c> are supported. A member of another algorithm, deprecated (<c>md5</c>, <c>sha</c>,
/// <c>unixsum</c>, <c>unixcksum</c>, <c>adler</c>, <c>crc32c</c>) or unknown, is ignored beside a supported one and refused
/// alone. The digest is of the content as sent: after content coding, before transfer coding.
/// </remarks>
public static class ContentDigest
{
    /// <summary>The longest field value that is written, with both algorithms: 154 characters.</summary>
    public const int MaxFieldLength = Sha256MemberLength + SeparatorLength + Sha512MemberLength;

    internal const string Sha256Prefix = "sha-256=:";
    internal const string Sha512Prefix = "sha-512=:";
    internal const string Separator = ", ";

    private const string FieldName = "content-digest";
    private const string Sha256Key = "sha-256";
    private const string Sha512Key = "sha-512";
    private const int Sha256MemberLength = 54;
    private const int Sha512MemberLength = 98;
    private const int SeparatorLength = 2;

    /// <summary>Writes the field value for a content: <c>sha-256=:…:</c>, <c>sha-512=:…:</c>, or both.</summary>
    /// <param name="content">The whole content, after content coding; empty for a message without.</param>
    /// <param name="algorithms">One algorithm or both.</param>
    /// <param name="destination">Takes the value; <see cref="MaxFieldLength"/> characters are always enough.</param>
    /// <param name="written">The characters written; 0 on failure.</param>
    /// <returns><see langword="true"/>; <see langword="false"/>, nothing written, if <paramref name="destination"/> is too short.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="algorithms"/> is none, or has an unknown value.</exception>
    public static bool TryWrite(ReadOnlySpan<byte> content, DigestAlgorithms algorithms, Span<char> destination, out int written)
    {
        using ContentHasher hasher = ContentHasher.Rent(algorithms);
        hasher.Append(content);
        return hasher.TryWrite(destination, out written);
    }

    /// <summary>Reads all <c>Content-Digest</c> lines of a message.</summary>
    /// <typeparam name="T">The message view, a readonly struct.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="expected">What the content must match; the default value on failure.</param>
    /// <param name="refusal">
    /// <see cref="SignatureStatus.MissingDigest"/> without the field, <see cref="SignatureStatus.TooLarge"/> over a limit of
    /// <see cref="SignatureLimits"/>, <see cref="SignatureStatus.UnsupportedDigest"/> if it is malformed, names an algorithm
    /// twice or names no supported one; <see cref="SignatureStatus.NotVerified"/> on success.
    /// </param>
    /// <returns><see langword="true"/> with at least one supported digest; otherwise <see langword="false"/>.</returns>
    /// <remarks>It says what was announced, not that it is true: hash the content and call <see cref="ContentHasher.Verify"/>. Trust only a field that the signature covers.</remarks>
    public static bool TryRead<T>(in T message, out ExpectedDigest expected, out SignatureStatus refusal)
        where T : ISignableMessage
    {
        expected = default;
        message.GetFieldLine(FieldName, 0, out int lines);
        if (lines == 0)
        {
            refusal = SignatureStatus.MissingDigest;
            return false;
        }

        // Each line has a member, so more lines than members is over the limit as well.
        if (lines > SignatureLimits.MaxContentDigestMembers || CountCharacters(in message, lines) > SignatureLimits.MaxContentDigestLength)
        {
            refusal = SignatureStatus.TooLarge;
            return false;
        }

        refusal = ReadMembers(in message, lines, ref expected);
        return refusal == SignatureStatus.NotVerified;
    }

    internal static int FieldLength(DigestAlgorithms algorithms) => algorithms switch
    {
        DigestAlgorithms.Sha256 => Sha256MemberLength,
        DigestAlgorithms.Sha512 => Sha512MemberLength,
        _ => MaxFieldLength,
    };

    private static SignatureStatus ReadMembers<T>(in T message, int lines, ref ExpectedDigest expected)
        where T : ISignableMessage
    {
        Span<Key> keys = stackalloc Key[SignatureLimits.MaxContentDigestMembers];
        Span<byte> sha256 = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> sha512 = stackalloc byte[SHA512.HashSizeInBytes];
        int sha256Length = 0;
        int sha512Length = 0;
        DigestAlgorithms algorithms = DigestAlgorithms.None;
        int members = 0;
        for (int line = 0; line < lines; line++)
        {
            ReadOnlySpan<char> text = message.GetFieldLine(FieldName, line, out _).Trim(" \t");
            if (text.IsEmpty)
            {
                return SignatureStatus.UnsupportedDigest;
            }

            var reader = new StructuredFieldReader(text);
            while (reader.TryReadKey(out ReadOnlySpan<char> key))
            {
                if (members == SignatureLimits.MaxContentDigestMembers)
                {
                    return SignatureStatus.TooLarge;
                }

                // RFC 9651 lets the last of two equal keys win: the sender could then mean the one and we check the other.
                if (IsDuplicate(in message, keys[..members], key))
                {
                    return SignatureStatus.UnsupportedDigest;
                }

                text.Overlaps(key, out int offset);
                keys[members++] = new Key(line, offset, key.Length);

                // RFC 9530 §2: each value is a Byte Sequence. The form of RFC 3230, without colons, is not.
                if (reader.TryReadInnerListStart() || !reader.TryReadBareItem(out BareItem item) || item.Type != BareItemType.ByteSequence)
                {
                    return SignatureStatus.UnsupportedDigest;
                }

                // A value too long for its algorithm is not decoded, and so has the wrong length.
                if (key is Sha256Key)
                {
                    algorithms |= DigestAlgorithms.Sha256;
                    item.TryDecodeBytes(sha256, out sha256Length);
                }
                else if (key is Sha512Key)
                {
                    algorithms |= DigestAlgorithms.Sha512;
                    item.TryDecodeBytes(sha512, out sha512Length);
                }

                // No parameter has a meaning here; a malformed one fails below.
                if (!StructuredFieldSkipper.SkipDistinctParameters(ref reader, text))
                {
                    return SignatureStatus.UnsupportedDigest;
                }
            }

            if (reader.Failed)
            {
                return SignatureStatus.UnsupportedDigest;
            }
        }

        if (algorithms == DigestAlgorithms.None)
        {
            return SignatureStatus.UnsupportedDigest;
        }

        expected = new ExpectedDigest(algorithms, sha256[..sha256Length], sha512[..sha512Length]);
        return SignatureStatus.NotVerified;
    }

    private static bool IsDuplicate<T>(in T message, ReadOnlySpan<Key> earlier, ReadOnlySpan<char> key)
        where T : ISignableMessage
    {
        foreach (Key other in earlier)
        {
            if (message.GetFieldLine(FieldName, other.Line, out _).Trim(" \t").Slice(other.Offset, other.Length).SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }

    private static int CountCharacters<T>(in T message, int lines)
        where T : ISignableMessage
    {
        long characters = 0;
        for (int line = 0; line < lines; line++)
        {
            characters += message.GetFieldLine(FieldName, line, out _).Length;
        }

        return (int)Math.Min(characters, int.MaxValue);
    }

    // Where a key stands, because spans cannot be kept in an array.
    private readonly record struct Key(int Line, int Offset, int Length);
}
