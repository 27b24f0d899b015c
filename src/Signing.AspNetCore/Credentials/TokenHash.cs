using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signing.AspNetCore;

/// <summary>The SHA-256 of an ApiToken or a sharing key: what is stored in the place of either, and found by.</summary>
/// <remarks>
/// A text of 256 random bits needs no slow hash and no salt: nobody can try them all. Who looks a hash up cannot choose it
/// either, so that the time of the look-up tells nothing.
/// </remarks>
public readonly record struct TokenHash
{
    /// <summary>The size in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private const int MaxStackBytes = 256;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Takes a hash that was computed elsewhere.</summary>
    /// <param name="hash">Its <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="hash"/> has another length.</exception>
    public TokenHash(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Size)
        {
            throw new ArgumentException($"A SHA-256 has {Size} bytes.", nameof(hash));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[(Size / 2)..]);
    }

    /// <summary>Computes the hash of a text, over its UTF-8 bytes and without allocating for texts as short as ours.</summary>
    /// <param name="text">The text exactly as it was shown.</param>
    /// <returns>The hash.</returns>
    public static TokenHash Of(ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[length];
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        CryptographicOperations.ZeroMemory(bytes);
        return new TokenHash(hash);
    }

    /// <summary>Reads a hash as tools print it: 64 hexadecimal digits, or base64 in either alphabet, with or without padding.</summary>
    /// <param name="text">The text; nothing is trimmed.</param>
    /// <param name="hash">The hash.</param>
    /// <returns><see langword="true"/> if the text is one; otherwise <see langword="false"/>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TokenHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (!(text.Length == Size * 2 ? TryReadHex(text, bytes) : TryReadBase64(text, bytes)))
        {
            return false;
        }

        hash = new TokenHash(bytes);
        return true;
    }

    /// <summary>Shows the hash in hexadecimal, which is no secret: the text cannot be found from it.</summary>
    /// <returns>64 small hexadecimal digits.</returns>
    public override string ToString() => $"{_high:x32}{_low:x32}";

    /// <summary>Gets the bytes, to be stored.</summary>
    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Size / 2), _low);
        return bytes;
    }

    private static bool TryReadHex(ReadOnlySpan<char> text, Span<byte> bytes) =>
        Convert.FromHexString(text, bytes, out _, out int written) == OperationStatus.Done && written == Size;

    private static bool TryReadBase64(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        // 32 bytes are 43 characters and one of padding; the decoder would also skip white space.
        const int characters = 43;
        if (text.Length is not (characters or characters + 1) || (text.Length > characters && text[characters] != '='))
        {
            return false;
        }

        Span<char> url = stackalloc char[characters];
        text[..characters].CopyTo(url);
        url.Replace('+', '-');
        url.Replace('/', '_');
        foreach (char c in url)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        // The last character has two bits to spare: where they are set, the decoder that returns no status throws.
        return Base64Url.DecodeFromChars(url, bytes, out _, out int written) == OperationStatus.Done && written == Size;
    }
}
