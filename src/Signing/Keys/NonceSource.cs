using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Signing;

// RFC 9421 §2.3: a nonce is a value that is different in each signature. Here 128 random bits as 22 characters of the
// base64url alphabet. The random bytes are drawn by the block, because most of the cost of a draw is the call; each thread
// has a block of its own, and what was used is wiped, so that a memory dump shows no nonce of the past.
internal sealed class NonceSource(NonceSource.Fill fill)
{
    public const int NonceLength = 22;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private const int RandomBytes = 16;
    private const int BlockBytes = 4096;
    private const int BitsOfCharacter = 6;

    [ThreadStatic]
    private static NonceSource? _ofThread;

    private readonly byte[] _block = new byte[BlockBytes];
    private int _used = BlockBytes;

    public delegate void Fill(Span<byte> destination);

    // For this thread only: never keep it across an await.
    public static NonceSource OfThread => _ofThread ??= new NonceSource(RandomNumberGenerator.Fill);

    public void Write(Span<char> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, NonceLength, nameof(destination));
        if (_used == BlockBytes)
        {
            fill(_block);
            _used = 0;
        }

        Span<byte> random = _block.AsSpan(_used, RandomBytes);
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(random);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(random[sizeof(ulong)..]);
        CryptographicOperations.ZeroMemory(random);
        _used += RandomBytes;

        // Ten characters of six bits, one of the four that are left and two more, ten, and one of the last two bits.
        high = Write(high, destination[..10]);
        destination[10] = Alphabet[(int)((high >> 58) | (low >> 62))];
        low = Write(low << 2, destination.Slice(11, 10));
        destination[21] = Alphabet[(int)(low >> 58)];
    }

    private static ulong Write(ulong bits, Span<char> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Alphabet[(int)(bits >> (64 - BitsOfCharacter))];
            bits <<= BitsOfCharacter;
        }

        return bits;
    }
}
