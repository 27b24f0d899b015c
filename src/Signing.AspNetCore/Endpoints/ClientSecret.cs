using System.Security.Cryptography;

namespace Signing.AspNetCore;

/// <summary>Compares what a client sent as its secret with the Secrets of a credential, in a time that depends on neither.</summary>
internal static class ClientSecret
{
    private const int ChallengeBytes = 32;

    // Both sides are turned into MACs of a text that nobody knows: equal lengths, and nothing about the Secret in the time.
    private static readonly byte[] Challenge = RandomNumberGenerator.GetBytes(ChallengeBytes);

    /// <summary>Finds the Secret that equals a text.</summary>
    /// <returns>Its index in <see cref="Credential.Secrets"/>; -1 if there is none.</returns>
    public static int Find(Credential credential, string secret)
    {
        // HMAC fills short keys up with zeros, so that a Secret and the same with a NUL behind it would be one.
        if (secret.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            return -1;
        }

        SigningKey given;
        try
        {
            given = new SigningKey(credential.Key, secret);
        }
        catch (ArgumentException)
        {
            // Too short for a Secret, or not text.
            return -1;
        }

        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        using (given)
        {
            HmacSha256.Compute(given, Challenge, mac);
        }

        int found = -1;
        ReadOnlySpan<SigningKey> secrets = credential.Secrets;
        for (int i = secrets.Length - 1; i >= 0; i--)
        {
            // The first one counts, as with signatures.
            found = HmacSha256.Verify(secrets[i], Challenge, mac) ? i : found;
        }

        CryptographicOperations.ZeroMemory(mac);
        return found;
    }
}
