namespace Signing;

/// <summary>RFC 9421 §2.5. Writes the signature base of a presigned URL: that of a GET without the parameter, under a tag of its own.</summary>
internal static class UrlSignatureBase
{
    // RFC 9421 §7.2.7: what tells a URL from a signature in header fields, where this tag is never accepted.
    public const string Tag = "signing-presigned";

    public const string Components = "(\"@method\" \"@authority\" \"@path\" \"@query\")";

    public const DerivedComponents Covered = DerivedComponents.Method | DerivedComponents.Authority | DerivedComponents.Path | DerivedComponents.Query;

    private const string Ending = $"\";alg=\"hmac-sha256\";tag=\"{Tag}\"";

    private const int MaxSecondsLength = 20;

    private static readonly ComponentList List = ComponentList.TryCreate(Components, rules: null)!;

    /// <summary>Writes the base.</summary>
    /// <param name="message">The GET without the parameter.</param>
    /// <param name="created">Seconds since 1970.</param>
    /// <param name="expires">Seconds since 1970.</param>
    /// <param name="keyId">The key id as the parameter has it.</param>
    /// <param name="buffer">Takes the base.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; else why there is no base.</returns>
    public static SignatureStatus Write<T>(in T message, long created, long expires, ReadOnlySpan<char> keyId, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        var status = SignatureBase.Write(message, List, Components, ref buffer);
        if (status != SignatureStatus.Verified)
        {
            return status;
        }

        // RFC 9421 §2.3: the order of the parameters is the signer's; here there is only one.
        Append(";created="u8, created, ref buffer);
        Append(";expires="u8, expires, ref buffer);
        buffer.Append(";keyid=\""u8);
        AppendKeyId(keyId, ref buffer);
        buffer.Append(Ending);
        return buffer.IsTooLarge ? SignatureStatus.TooLarge : buffer.Failed ? SignatureStatus.MalformedSignature : SignatureStatus.Verified;
    }

    private static void Append(ReadOnlySpan<byte> name, long seconds, ref BaseBuffer buffer)
    {
        Span<byte> digits = stackalloc byte[MaxSecondsLength];
        seconds.TryFormat(digits, out var written);
        buffer.Append(name);
        buffer.Append(digits[..written]);
    }

    private static void AppendKeyId(ReadOnlySpan<char> keyId, ref BaseBuffer buffer)
    {
        if (!keyId.Contains('%'))
        {
            buffer.Append(keyId);
            return;
        }

        for (var at = 0; at < keyId.Length;)
        {
            if (!UrlSignatureText.TryReadCharacter(keyId, ref at, out var character))
            {
                buffer.Fail();
                return;
            }

            // RFC 9651 §4.1.6: the two characters that a String escapes.
            if (character is '"' or '\\')
            {
                buffer.Append((byte)'\\');
            }

            buffer.Append((byte)character);
        }
    }
}
