using System.Security.Cryptography;
using Signing.Tests.Support;

namespace Signing.Tests.Digests;

[Collection(Alone.Name)]
public sealed class ContentHasherTests
{
    private const DigestAlgorithms Both = DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512;
    private const int Megabytes10 = 10 * 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(1021)]
    [InlineData(4096)]
    public void Pieces_of_any_length_give_the_digest_of_the_whole(int pieceLength)
    {
        byte[] content = RandomNumberGenerator.GetBytes(4096);
        using ContentHasher hasher = ContentHasher.Rent(Both);

        for (int at = 0; at < content.Length; at += pieceLength)
        {
            hasher.Append(content.AsSpan(at, Math.Min(pieceLength, content.Length - at)));
            hasher.Append([]);
        }

        Assert.Equal(SignatureStatus.Verified, hasher.Verify(DigestOf(content)));
    }

    [Fact]
    public void A_content_given_up_midway_leaves_no_trace_in_the_next()
    {
        for (int i = 0; i < 100; i++)
        {
            using (ContentHasher abandoned = ContentHasher.Rent(i % 2 == 0 ? Both : DigestAlgorithms.Sha512))
            {
                abandoned.Append("half of a body"u8);
            }

            byte[] content = [(byte)i];
            using ContentHasher next = ContentHasher.Rent(Both);
            next.Append(content);
            Assert.Equal(SignatureStatus.Verified, next.Verify(DigestOf(content)));
        }
    }

    [Fact]
    public void After_it_was_disposed_of_it_cannot_touch_what_the_next_one_hashes()
    {
        byte[] content = [1, 2, 3];
        ContentHasher first = ContentHasher.Rent(Both);
        ContentHasher copy = first;
        first.Dispose();
        using ContentHasher second = ContentHasher.Rent(Both);
        second.Append(content);

        first.Dispose();
        copy.Dispose();

        Assert.Throws<ObjectDisposedException>(() => first.Append([4]));
        Assert.Throws<ObjectDisposedException>(() => copy.Verify(default));
        Assert.Throws<ObjectDisposedException>(() => copy.TryWrite(new char[ContentDigest.MaxFieldLength], out _));
        using ContentHasher third = ContentHasher.Rent(Both);
        third.Append([5]);
        Assert.Equal(SignatureStatus.Verified, second.Verify(DigestOf(content)));
        Assert.Equal(SignatureStatus.Verified, third.Verify(DigestOf([5])));
    }

    [Fact]
    public void The_default_value_hashes_nothing()
    {
        ContentHasher none = default;

        none.Dispose();

        Assert.Throws<ObjectDisposedException>(() => none.Append([1]));
    }

    [Fact]
    public void A_digest_can_be_compared_and_then_written_but_not_appended_to()
    {
        byte[] content = [1, 2, 3];
        using ContentHasher hasher = ContentHasher.Rent(DigestAlgorithms.Sha256);
        hasher.Append(content);
        Span<char> first = stackalloc char[ContentDigest.MaxFieldLength];
        Span<char> second = stackalloc char[ContentDigest.MaxFieldLength];

        Assert.Equal(SignatureStatus.DigestMismatch, hasher.Verify(default));
        Assert.True(hasher.TryWrite(first, out int written));
        Assert.True(hasher.TryWrite(second, out _));

        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:", first[..written].ToString());
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Throws<InvalidOperationException>(() => hasher.Append([4]));
    }

    [Fact]
    public void A_digest_in_an_algorithm_that_was_not_hashed_is_a_callers_bug()
    {
        using ContentHasher hasher = ContentHasher.Rent(DigestAlgorithms.Sha256);
        ExpectedDigest expected = DigestOf([]);

        Assert.Throws<ArgumentException>(nameof(expected), () => hasher.Verify(in expected));
    }

    [Fact]
    public void Ten_megabytes_are_hashed_without_allocating()
    {
        byte[] piece = RandomNumberGenerator.GetBytes(64 * 1024);

        HashTenMegabytes(piece);
        long before = GC.GetAllocatedBytesForCurrentThread();
        HashTenMegabytes(piece);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_hashers_at_once_keep_their_contents_apart()
    {
        ContentHasher[] hashers = [.. Enumerable.Range(0, 200).Select(_ => ContentHasher.Rent(Both))];

        for (int i = 0; i < hashers.Length; i++)
        {
            hashers[i].Append([(byte)i]);
        }

        for (int i = 0; i < hashers.Length; i++)
        {
            Assert.Equal(SignatureStatus.Verified, hashers[i].Verify(DigestOf([(byte)i])));
            hashers[i].Dispose();
        }
    }

    [Fact]
    public void Threads_keep_their_contents_apart()
    {
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            byte[] content = RandomNumberGenerator.GetBytes(100 + thread);
            ExpectedDigest expected = DigestOf(content);
            for (int i = 0; i < 3_000; i++)
            {
                using ContentHasher hasher = ContentHasher.Rent(Both);
                hasher.Append(content.AsSpan(0, 50));
                hasher.Append(content.AsSpan(50));
                if (hasher.Verify(in expected) != SignatureStatus.Verified)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }))];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, wrong);
    }

    private static void HashTenMegabytes(byte[] piece)
    {
        using ContentHasher hasher = ContentHasher.Rent(Both);
        for (int at = 0; at < Megabytes10; at += piece.Length)
        {
            hasher.Append(piece);
        }

        hasher.Verify(default);
    }

    private static ExpectedDigest DigestOf(byte[] content) => new(Both, SHA256.HashData(content), SHA512.HashData(content));
}
