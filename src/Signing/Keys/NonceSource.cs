using System.Buffers.Text;
using System.Security.Cryptography;

namespace Signing;

// RFC 9421 §2.3: a nonce is a value that is different in each signature. Here 128 random bits as 22 characters of the
// base64url alphabet. The random bytes are drawn by the block, because most of the cost of a draw is the call; each thread
// has a block of its own, and what was used is wiped, so that a memory dump shows no nonce of the past.
internal sealed class NonceSource(NonceSource.Fill fill)
{
    public const int NonceLength = 22;

    private const int RandomBytes = 16;
    private const int BlockBytes = 1024;
    private const int Base64Length = 24;

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
        Span<byte> digits = stackalloc byte[Base64Length];
        Base64.EncodeToUtf8(random, digits, out _, out _);
        CryptographicOperations.ZeroMemory(random);
        _used += RandomBytes;

        // The last two characters are padding.
        for (int i = 0; i < NonceLength; i++)
        {
            destination[i] = digits[i] switch
            {
                (byte)'+' => '-',
                (byte)'/' => '_',
                byte digit => (char)digit,
            };
        }
    }
}
