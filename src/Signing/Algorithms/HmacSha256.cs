using System.Security.Cryptography;

namespace Signing;

// HMAC with SHA-256.
//
// References: RFC 2104 (HMAC), RFC 6234 (SHA-256), RFC 4231 (test vectors), RFC 9421 §3.3.3 (hmac-sha256).
// Key: 16 bytes (128 bits) or more. MAC: 32 bytes (256 bits), never truncated.
//
// Security: whoever can verify can also sign, so a Secret is for one caller and one direction. A MAC proves nothing
// about what is not in the signature base. Comparing in a time that depends on the bytes lets an attacker find a MAC
// byte by byte: this file is the only place where MACs are compared.
internal static class HmacSha256
{
    public const int MacSize = 32;

    public static void Compute(SigningKey key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ObjectDisposedException.ThrowIf(!TryCompute(key, data, mac), key);
    }

    // RFC 9421 §3.3.3: the MAC of the signature base must be exactly the one received.
    public static bool Verify(SigningKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> mac)
    {
        if (mac.Length != MacSize)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[MacSize];
        bool verified = TryCompute(key, data, expected) && CryptographicOperations.FixedTimeEquals(expected, mac);
        // What was expected of a forged message is its valid MAC, so it does not stay on the stack.
        CryptographicOperations.ZeroMemory(expected);
        return verified;
    }

    private static bool TryCompute(SigningKey key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        key.Hash.Compute(data, mac);

        // Dispose raises its flag before it zeroes the secret, so a MAC under a half-zeroed secret, which anybody could
        // compute, always finds the flag up: the fence at the end of Compute keeps this read behind those of the secret.
        if (!key.IsDisposed)
        {
            return true;
        }

        CryptographicOperations.ZeroMemory(mac[..MacSize]);
        return false;
    }
}
