using System.Security.Cryptography;

namespace Signing;

// The reusable inside of a ContentHasher: its two hashes, created when first asked for.
internal sealed class ContentHashState : IDisposable
{
    private readonly byte[] _sha256Digest = new byte[SHA256.HashSizeInBytes];
    private readonly byte[] _sha512Digest = new byte[SHA512.HashSizeInBytes];
    private IncrementalHash? _sha256;
    private IncrementalHash? _sha512;
    private bool _finished;

    public DigestAlgorithms Algorithms { get; private set; }

    // Changes when a lease ends, so that who held it before cannot reach what the next one hashes.
    public int Lease { get; private set; }

    // False from before a native call until it has succeeded: after a failure the hashes hold nobody knows what.
    public bool IsClean { get; private set; } = true;

    public int Begin(DigestAlgorithms algorithms)
    {
        Algorithms = algorithms;
        _finished = false;
        return Lease;
    }

    public bool TryEnd(int lease)
    {
        if (lease != Lease)
        {
            return false;
        }

        Lease++;
        if (IsClean && !_finished)
        {
            Finish();
        }

        return true;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        if (_finished)
        {
            throw new InvalidOperationException("The digest was already taken; rent another hasher.");
        }

        IsClean = false;
        if ((Algorithms & DigestAlgorithms.Sha256) != DigestAlgorithms.None)
        {
            (_sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).AppendData(content);
        }

        if ((Algorithms & DigestAlgorithms.Sha512) != DigestAlgorithms.None)
        {
            (_sha512 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA512)).AppendData(content);
        }

        IsClean = true;
    }

    public bool Matches(in ExpectedDigest expected)
    {
        Finish();
        return expected.Matches(_sha256Digest, _sha512Digest);
    }

    // The caller has checked that the destination is long enough.
    public int Write(Span<char> destination)
    {
        Finish();
        int written = 0;
        if ((Algorithms & DigestAlgorithms.Sha256) != DigestAlgorithms.None)
        {
            written = WriteMember(ContentDigest.Sha256Prefix, _sha256Digest, destination);
        }

        if ((Algorithms & DigestAlgorithms.Sha512) != DigestAlgorithms.None)
        {
            if (written != 0)
            {
                ContentDigest.Separator.CopyTo(destination[written..]);
                written += ContentDigest.Separator.Length;
            }

            written += WriteMember(ContentDigest.Sha512Prefix, _sha512Digest, destination[written..]);
        }

        return written;
    }

    public void Dispose()
    {
        _sha256?.Dispose();
        _sha512?.Dispose();
    }

    private static int WriteMember(string prefix, byte[] digest, Span<char> destination)
    {
        prefix.CopyTo(destination);
        Convert.TryToBase64Chars(digest, destination[prefix.Length..], out int digits);
        int end = prefix.Length + digits;
        destination[end] = ':';
        return end + 1;
    }

    // Leaves the hashes ready for the next content.
    private void Finish()
    {
        if (_finished)
        {
            return;
        }

        // A content without bytes may have been appended in no piece at all.
        Append([]);
        IsClean = false;
        if ((Algorithms & DigestAlgorithms.Sha256) != DigestAlgorithms.None)
        {
            _sha256!.GetHashAndReset(_sha256Digest);
        }

        if ((Algorithms & DigestAlgorithms.Sha512) != DigestAlgorithms.None)
        {
            _sha512!.GetHashAndReset(_sha512Digest);
        }

        IsClean = true;
        _finished = true;
    }
}
