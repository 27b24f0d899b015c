using System.Text;

namespace Signing;

/// <summary>Lists the forms in which a Secret is used by mistake; one whose MAC fits is proof.</summary>
internal static class SecretForms
{
    public static IEnumerable<(byte[] Secret, Finding Finding)> Of(string keyId, string secret)
    {
        var all = LineEnds(secret).Concat(Checksums(secret)).Concat(Others(keyId, secret));
        return all.Select(form => (Encoding.UTF8.GetBytes(form.Secret), form.Finding)).Concat(Decoded(secret))
            .Where(form => form.Item1.Length >= SignatureLimits.MinSecretBytes);
    }

    private static IEnumerable<(string Secret, Finding Finding)> LineEnds(string secret)
    {
        if (secret.Trim() != secret)
        {
            yield return (secret.Trim(), new(MismatchCause.SecretLineEnd, "the signer uses the Secret without the line end or space that stands around the one given here; take it away here"));
        }

        foreach ((var end, var name) in new[] { ("\n", "a line end (LF)"), ("\r\n", "a line end (CR LF)"), (" ", "a space") })
        {
            yield return (secret + end, new(MismatchCause.SecretLineEnd, $"the signer's Secret has {name} at its end, as when a file is read and not trimmed; take it away there"));
        }
    }

    private static IEnumerable<(string Secret, Finding Finding)> Checksums(string secret)
    {
        var random = secret.Length - secret.LastIndexOf('_') - 1;
        if (random == SecretText.RandomLength + SecretText.ChecksumLength)
        {
            yield return (secret[..^SecretText.ChecksumLength], new(MismatchCause.SecretWithoutChecksum, "the signer uses the Secret without the six characters of its checksum; the key is the Secret exactly as it was shown"));
        }

        if (random == SecretText.RandomLength)
        {
            yield return (secret + SecretText.ChecksumOf(secret), new(MismatchCause.SecretWithoutChecksum, "the Secret given here lacks the six characters of its checksum, which the signer's has; use it exactly as it was shown"));
        }
    }

    private static IEnumerable<(string Secret, Finding Finding)> Others(string keyId, string secret)
    {
        yield return ($"\"{secret}\"", Other("the signer's Secret has quotes around it; take them away there"));
        yield return ($"'{secret}'", Other("the signer's Secret has quotes around it; take them away there"));
        if (secret.Length > 2 && secret[0] == secret[^1] && secret[0] is '"' or '\'')
        {
            yield return (secret[1..^1], Other("the Secret given here has quotes around it, which the signer's has not; take them away here"));
        }

        yield return (keyId, Other("the signer signs with the Key in the place of the Secret; use the Secret that was shown with it"));
        yield return (secret[(secret.LastIndexOf('_') + 1)..], Other("the signer uses the Secret without what stands before its last underscore; the key is the Secret exactly as it was shown"));
        yield return (secret.ToUpperInvariant(), Other("the signer's Secret is in capitals; the key is the Secret exactly as it was shown"));
        yield return (Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Other("the signer uses the Secret in base64; the key is the UTF-8 bytes of the Secret exactly as it was shown"));
    }

    private static IEnumerable<(byte[] Secret, Finding Finding)> Decoded(string secret)
    {
        var bytes = new byte[secret.Length];
        if (Convert.TryFromBase64String(secret, bytes, out var written))
        {
            yield return (bytes[..written], Other("the signer decodes the Secret from base64; the key is the UTF-8 bytes of the Secret exactly as it was shown"));
        }

        if (secret.Length % 2 == 0 && secret.All(char.IsAsciiHexDigit))
        {
            yield return (Convert.FromHexString(secret), Other("the signer decodes the Secret from hexadecimal digits; the key is the UTF-8 bytes of the Secret exactly as it was shown"));
        }
    }

    private static Finding Other(string why) => new(MismatchCause.SecretInAnotherForm, why);
}
