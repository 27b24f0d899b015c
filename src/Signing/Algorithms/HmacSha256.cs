using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Signing;

/// <summary>RFC 9421 §3.3.3. Computes and compares HMAC-SHA256, without allocating once a key is warm.</summary>
/// <remarks>
/// <para>References: RFC 2104 (HMAC), RFC 6234 (SHA-256), RFC 4231 (test vectors).
/// Key: 16 bytes (128 bits) or more. MAC: 32 bytes (256 bits), never truncated.</para>
/// <para>Whoever can verify can also compute, so use a key for one direction and one purpose. A MAC proves nothing about
/// what is not in the data: join several values so that no other values give the same bytes. Compare MACs with
/// <see cref="Verify"/> alone: a comparison whose time depends on the bytes lets an attacker find a MAC byte by byte.</para>
/// </remarks>
public static class HmacSha256
{
    /// <summary>The size of a MAC: 32 bytes.</summary>
    public const int MacSize = 32;

    /// <summary>Computes the MAC of data.</summary>
    /// <param name="key">The key.</param>
    /// <param name="data">The bytes to protect; may be empty.</param>
    /// <param name="mac">Receives the MAC in its first <see cref="MacSize"/> bytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mac"/> has fewer than <see cref="MacSize"/> bytes.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="key"/> is disposed of; then <paramref name="mac"/> holds no MAC.</exception>
    public static void Compute(SigningKey key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(!TryCompute(key, data, mac), key);
    }

    /// <summary>Says whether a MAC is the one of data, in a time that does not depend on the bytes of either.</summary>
    /// <param name="key">The key.</param>
    /// <param name="data">The bytes that were protected.</param>
    /// <param name="mac">The MAC as it was received, of any length.</param>
    /// <returns><see langword="true"/> if <paramref name="mac"/> has exactly <see cref="MacSize"/> bytes and they are right; <see langword="false"/> if not, or if the key is disposed of.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    public static bool Verify(SigningKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> mac)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (mac.Length != MacSize)
        {
            return false;
        }

        // RFC 9421 §3.3.3: the MAC of the signature base must be exactly the one received.
        Span<byte> expected = stackalloc byte[MacSize];
        bool verified = TryCompute(key, data, expected) && AreEqual(expected, mac);
        // What was expected of a forged message is its valid MAC, so it does not stay on the stack.
        CryptographicOperations.ZeroMemory(expected);
        return verified;
    }

    // FixedTimeEquals goes byte by byte, unoptimised on purpose: over 32 bytes it takes a sixth of the time of the MAC. So the
    // differences are gathered into one byte first, by operations whose time does not depend on what they are given, without
    // a branch; whether there is any is for FixedTimeEquals to say.
    private static bool AreEqual(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> received)
    {
        ReadOnlySpan<ulong> e = MemoryMarshal.Cast<byte, ulong>(expected[..MacSize]);
        ReadOnlySpan<ulong> r = MemoryMarshal.Cast<byte, ulong>(received[..MacSize]);
        ulong differences = (e[0] ^ r[0]) | (e[1] ^ r[1]) | (e[2] ^ r[2]) | (e[3] ^ r[3]);
        differences |= differences >> 32;
        differences |= differences >> 16;
        byte gathered = (byte)(differences | (differences >> 8));
        return CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(in gathered), "\0"u8);
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
