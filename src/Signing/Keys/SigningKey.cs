using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Signing;

/// <summary>RFC 9421 §1.1. Holds the key id and the secret of one <c>hmac-sha256</c> key, and shows only the id.</summary>
/// <remarks>
/// Create it once and share it: it is safe for any number of threads, and fast because it keeps its keyed state.
/// Dispose of it when the secret is retired: the secret is then zeroed, and the key neither signs nor verifies again, even
/// if another thread is using it at that moment.
/// </remarks>
[DebuggerDisplay("{KeyId,nq}")]
public sealed class SigningKey : IDisposable
{
    // Pinned, so that the garbage collector leaves no copies behind that zeroing would miss.
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _secret;

    private int _disposed;

    /// <summary>Creates a key from the bytes of its secret, which are copied.</summary>
    /// <param name="keyId">The public id, 1 to 256 printable ASCII characters; sent as <c>keyid</c>.</param>
    /// <param name="secret">The secret, at least 16 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="keyId"/> is empty, too long, not printable ASCII or itself a Secret, or <paramref name="secret"/> is too short. The message holds neither value.</exception>
    public SigningKey(string keyId, ReadOnlySpan<byte> secret)
    {
        ThrowIfInvalid(keyId, secret.Length, nameof(secret));
        KeyId = keyId;
        _secret = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(_secret);
        Hash = new KeyedHash(_secret, KeyedHashCap.Shared);
    }

    /// <summary>Creates a key from a Secret as it is shown to people: its UTF-8 bytes, prefix and checksum included, are the key.</summary>
    /// <param name="keyId">The public id, 1 to 256 printable ASCII characters; sent as <c>keyid</c>.</param>
    /// <param name="secret">The Secret exactly as shown, at least 16 bytes in UTF-8. Nothing is trimmed or decoded.</param>
    /// <exception cref="ArgumentException"><paramref name="keyId"/> is empty, too long, not printable ASCII or itself a Secret, or <paramref name="secret"/> is too short or has half of a surrogate pair. The message holds neither value.</exception>
    public SigningKey(string keyId, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ThrowIfInvalid(keyId, Encoding.UTF8.GetByteCount(secret), nameof(secret));
        KeyId = keyId;
        _secret = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(secret), pinned: true);
        // Not by Encoding: that replaces half pairs, or throws an exception that quotes them.
        if (Utf8.FromUtf16(secret, _secret, out _, out _, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            CryptographicOperations.ZeroMemory(_secret);
            throw new ArgumentException("The secret is not valid Unicode text.", nameof(secret));
        }

        Hash = new KeyedHash(_secret, KeyedHashCap.Shared);
    }

    /// <summary>The public id of the key.</summary>
    public string KeyId { get; }

    // As it goes on the wire: a parameter with a String of RFC 9651, written once.
    internal string KeyIdParameter => field ??= ";keyid=" + QuotedString.Quote(KeyId);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal KeyedHash Hash { get; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Shows the key id, never the secret.</summary>
    /// <returns><see cref="KeyId"/>.</returns>
    public override string ToString() => KeyId;

    /// <summary>Zeroes the secret and ends the key: nothing verifies with it any more, and signing with it throws.</summary>
    public void Dispose()
    {
        // The flag first, with a full fence: HmacSha256 relies on it.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(_secret);
        Hash.Close();
    }

    private static void ThrowIfInvalid(string keyId, int secretLength, string secretName)
    {
        ArgumentNullException.ThrowIfNull(keyId);

        // Neither message quotes a value: the two arguments may have been swapped.
        if (keyId.Length is 0 or > SignatureLimits.MaxKeyIdLength || keyId.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"A key id has 1 to {SignatureLimits.MaxKeyIdLength} printable ASCII characters.", nameof(keyId));
        }

        if (SecretText.Is(keyId))
        {
            throw new ArgumentException("The key id has the form of a Secret or a token, and would be sent for everybody to read: the Key belongs here.", nameof(keyId));
        }

        if (secretLength < SignatureLimits.MinSecretBytes)
        {
            throw new ArgumentException($"A secret has at least {SignatureLimits.MinSecretBytes} bytes.", secretName);
        }
    }
}
