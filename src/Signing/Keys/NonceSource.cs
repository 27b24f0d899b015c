using System.Security.Cryptography;

namespace Signing;

// RFC 9421 §2.3: a nonce is a value that is different in each signature. Here 132 random bits, as 22 characters of the
// base64url alphabet. They are drawn and encoded by the block, because most of the cost is the call; each thread has a block
// of its own, and what was used is wiped, so that a memory dump shows no nonce of the past.
internal sealed class NonceSource(NonceSource.Fill fill)
{
    public const int NonceLength = 22;

    private const int BlockBytes = 3072;
    private const int BlockCharacters = BlockBytes / 3 * 4;

    [ThreadStatic]
    private static NonceSource? _ofThread;

    private readonly byte[] _random = new byte[BlockBytes];
    private readonly char[] _block = new char[BlockCharacters];
    private int _used = BlockCharacters;

    public delegate void Fill(Span<byte> destination);

    // For this thread only: never keep it across an await.
    public static NonceSource OfThread => _ofThread ??= new NonceSource(RandomNumberGenerator.Fill);

    public void Write(Span<char> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, NonceLength, nameof(destination));
        if (_used > BlockCharacters - NonceLength)
        {
            Refill();
        }

        Span<char> nonce = _block.AsSpan(_used, NonceLength);
        nonce.CopyTo(destination);
        nonce.Clear();
        _used += NonceLength;
    }

    private void Refill()
    {
        fill(_random);
        Convert.TryToBase64Chars(_random, _block, out _);
        CryptographicOperations.ZeroMemory(_random);
        MemoryExtensions.Replace(_block.AsSpan(), '+', '-');
        MemoryExtensions.Replace(_block.AsSpan(), '/', '_');
        _used = 0;
    }
}
