using System.Security.Cryptography;
using Signing.Tests.Support;

namespace Signing.Tests.Digests;

[Collection(Alone.Name)]
public sealed class ContentDigestTests
{
    private const DigestAlgorithms Both = DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512;
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(1000);
    private static readonly string Sha256 = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Content))}:";
    private static readonly string Sha512 = $"sha-512=:{Convert.ToBase64String(SHA512.HashData(Content))}:";
    private static readonly string WrongSha256 = $"sha-256=:{Convert.ToBase64String(SHA256.HashData([]))}:";
    private static readonly string WrongSha512 = $"sha-512=:{Convert.ToBase64String(SHA512.HashData([]))}:";
    private static readonly string Md5 = $"md5=:{Convert.ToBase64String(new byte[16])}:";

    [Theory, Trait("Protocol", "G1")]
    [InlineData(DigestAlgorithms.Sha256)]
    [InlineData(DigestAlgorithms.Sha512)]
    [InlineData(Both)]
    public void What_is_written_is_the_digest_in_that_algorithm_and_is_read_back(DigestAlgorithms algorithms)
    {
        Span<char> field = stackalloc char[ContentDigest.MaxFieldLength];

        Assert.True(ContentDigest.TryWrite(Content, algorithms, field, out int written));

        string expected = algorithms == Both ? $"{Sha256}, {Sha512}" : algorithms == DigestAlgorithms.Sha256 ? Sha256 : Sha512;
        Assert.Equal(expected, field[..written].ToString());
        Assert.Equal(SignatureStatus.Verified, Verify(Content, expected));
        Assert.Equal(algorithms, Read(expected).Algorithms);
    }

    [Theory]
    [InlineData(DigestAlgorithms.Sha256)]
    [InlineData(DigestAlgorithms.Sha512)]
    [InlineData(Both)]
    public void Nothing_is_written_into_a_buffer_that_is_one_character_too_short(DigestAlgorithms algorithms)
    {
        var field = new char[ContentDigest.MaxFieldLength];
        ContentDigest.TryWrite(Content, algorithms, field, out int needed);
        var buffer = new char[needed - 1];

        Assert.False(ContentDigest.TryWrite(Content, algorithms, buffer, out int written));

        Assert.Equal(0, written);
        Assert.All(buffer, c => Assert.Equal('\0', c));
        Assert.True(ContentDigest.TryWrite(Content, algorithms, new char[needed], out _));
    }

    [Theory]
    [InlineData(DigestAlgorithms.None)]
    [InlineData((DigestAlgorithms)4)]
    [InlineData((DigestAlgorithms)5)]
    public void An_algorithm_that_is_not_one_of_the_two_is_a_callers_bug(DigestAlgorithms algorithms)
        => Assert.Throws<ArgumentOutOfRangeException>(nameof(algorithms), () => ContentDigest.TryWrite(Content, algorithms, new char[200], out _));

    [Fact, Trait("Protocol", "G3")]
    public void Every_supported_member_must_match()
    {
        Assert.Equal(SignatureStatus.Verified, Verify(Content, $"{Sha256}, {Sha512}"));
        Assert.Equal(SignatureStatus.Verified, Verify(Content, $"{Sha512},{Sha256}"));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, $"{WrongSha256}, {Sha512}"));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, $"{Sha256}, {WrongSha512}"));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, $"{Sha512}, {WrongSha256}"));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, WrongSha256));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, WrongSha512));
    }

    [Theory, Trait("Protocol", "G1")]
    [InlineData("md5")]
    [InlineData("sha")]
    [InlineData("unixsum")]
    [InlineData("unixcksum")]
    [InlineData("adler")]
    [InlineData("crc32c")]
    [InlineData("sha-384")]
    [InlineData("id-sha-256")]
    public void A_deprecated_or_unknown_algorithm_is_refused_alone_and_ignored_beside_a_supported_one(string key)
    {
        string member = $"{key}=:AAAA:";

        AssertRefused(SignatureStatus.UnsupportedDigest, member);
        Assert.Equal(SignatureStatus.Verified, Verify(Content, $"{member}, {Sha256}"));
        Assert.Equal(SignatureStatus.Verified, Verify(Content, Sha512, member));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, $"{member}, {WrongSha256}"));
    }

    [Fact, Trait("Protocol", "G3")]
    public void An_algorithm_named_twice_is_refused_in_one_line_and_across_lines()
    {
        AssertRefused(SignatureStatus.UnsupportedDigest, $"{WrongSha256}, {Sha256}");
        AssertRefused(SignatureStatus.UnsupportedDigest, $"{Sha256}, {Sha256}");
        AssertRefused(SignatureStatus.UnsupportedDigest, Sha256, Sha256);
        AssertRefused(SignatureStatus.UnsupportedDigest, Sha512, $"{Md5}, {WrongSha512}");
        AssertRefused(SignatureStatus.UnsupportedDigest, Md5, Sha256, $" \t{Md5}");
    }

    [Fact, Trait("Protocol", "W2")]
    public void Several_lines_are_read_as_one_field_and_white_space_around_them_does_not_matter()
    {
        Assert.Equal(SignatureStatus.Verified, Verify(Content, Sha256, Sha512));
        Assert.Equal(SignatureStatus.Verified, Verify(Content, $"\t {Sha256} \t", $" {Sha512}"));
        Assert.Equal(SignatureStatus.Verified, Verify(Content, $"{Sha256}\t,\t {Sha512}"));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, Sha256, WrongSha512));
    }

    [Theory, Trait("Protocol", "G8")]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("sha-256")]
    [InlineData("sha-256=")]
    [InlineData("sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=")]
    [InlineData("sha-256=\"X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\"")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE==:")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWx Bf7kbu9DBPE=:")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:,")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=: sha-512=:AAAA:")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:;")]
    [InlineData("sha-256=(:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:)")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, md5=(:AAAA:)")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, md5=1")]
    [InlineData("SHA-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")]
    [InlineData("sha-256 = :X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")]
    [InlineData(":X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")]
    [InlineData("sha-256=:éééé:")]
    public void What_is_not_a_dictionary_of_byte_sequences_is_refused(string field)
    {
        AssertRefused(SignatureStatus.UnsupportedDigest, field);
        AssertRefused(SignatureStatus.UnsupportedDigest, Sha512, field);
        AssertRefused(SignatureStatus.UnsupportedDigest, field, Sha512);
    }

    [Fact]
    public void Parameters_and_missing_padding_do_not_matter()
    {
        Assert.Equal(SignatureStatus.Verified, Verify(Content, $"{Sha256};a;b=1;c=\"x\""));
        Assert.Equal(SignatureStatus.Verified, Verify(Content, Sha256.Replace("=:", ":", StringComparison.Ordinal).Replace("sha-256:", "sha-256=:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_message_without_the_field_has_no_digest() => AssertRefused(SignatureStatus.MissingDigest);

    [Fact, Trait("Protocol", "G7")]
    public void At_most_eight_members_in_all_lines_are_read()
    {
        string[] seven = [.. Enumerable.Range(0, SignatureLimits.MaxContentDigestMembers - 1).Select(i => $"x{i}=:AAAA:")];

        Assert.Equal(SignatureStatus.Verified, Verify(Content, [.. seven, Sha256]));
        Assert.Equal(SignatureStatus.Verified, Verify(Content, string.Join(',', [.. seven, Sha256])));
        AssertRefused(SignatureStatus.TooLarge, [.. seven, Sha256, Sha512]);
        AssertRefused(SignatureStatus.TooLarge, string.Join(',', [.. seven, Sha256, Sha512]));
        AssertRefused(SignatureStatus.TooLarge, string.Join(',', seven), $"{Sha256}, {Sha512}");
    }

    [Fact, Trait("Protocol", "G7")]
    public void At_most_2048_characters_in_all_lines_are_read()
    {
        string padding = new(' ', SignatureLimits.MaxContentDigestLength - Sha256.Length - Sha512.Length);

        Assert.Equal(SignatureStatus.Verified, Verify(Content, Sha256 + padding, Sha512));
        AssertRefused(SignatureStatus.TooLarge, Sha256 + padding + ' ', Sha512);
        AssertRefused(SignatureStatus.TooLarge, new string(' ', SignatureLimits.MaxContentDigestLength + 1));
    }

    [Theory, Trait("Protocol", "G3")]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(300)]
    public void A_digest_of_the_wrong_length_matches_nothing(int length)
    {
        byte[] digest = new byte[length];
        SHA256.HashData(Content).AsSpan(0, Math.Min(length, 32)).CopyTo(digest);
        string member = $"sha-256=:{Convert.ToBase64String(digest)}:";

        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, member));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, $"{member}, {Sha512}"));
    }

    [Theory, Trait("Protocol", "G3")]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    public void A_sha_512_of_the_wrong_length_matches_nothing(int length)
    {
        byte[] digest = new byte[length];
        SHA512.HashData(Content).AsSpan(0, Math.Min(length, 64)).CopyTo(digest);
        string member = $"sha-512=:{Convert.ToBase64String(digest)}:";

        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, member));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, Sha256, member));
    }

    [Fact]
    public void Each_bit_of_both_digests_counts()
    {
        byte[] sha256 = SHA256.HashData(Content);
        byte[] sha512 = SHA512.HashData(Content);

        AssertEachBitCounts(sha256, () => new ExpectedDigest(Both, sha256, sha512));
        AssertEachBitCounts(sha512, () => new ExpectedDigest(Both, sha256, sha512));
    }

    [Fact]
    public void Nothing_matches_the_default_value()
    {
        using ContentHasher hasher = ContentHasher.Rent(Both);

        Assert.Equal(SignatureStatus.DigestMismatch, hasher.Verify(default));
    }

    [Fact, Trait("Protocol", "G5")]
    public void The_digest_of_no_content_proves_that_there_is_none()
    {
        Assert.Equal(SignatureStatus.Verified, Verify([], "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"));
        Assert.Equal(SignatureStatus.DigestMismatch, Verify([0], "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"));
    }

    [Fact]
    public void Reading_verifying_and_writing_allocate_nothing_once_warm()
    {
        var message = new DigestMessage(Sha256, $"{Sha512}, {Md5}");

        long allocated = Allocation.OfWarmed(() =>
        {
            Span<char> field = stackalloc char[ContentDigest.MaxFieldLength];
            ContentDigest.TryRead(in message, out ExpectedDigest expected, out _);
            using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
            hasher.Append(Content);
            hasher.Verify(in expected);
            ContentDigest.TryWrite(Content, DigestAlgorithms.Sha256, field, out _);
        });

        Assert.Equal(0, allocated);
    }

    private static void AssertEachBitCounts(byte[] digest, Func<ExpectedDigest> expected)
    {
        for (int bit = 0; bit < digest.Length * 8; bit++)
        {
            digest[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(SignatureStatus.DigestMismatch, Verify(Content, expected()));
            digest[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(SignatureStatus.Verified, Verify(Content, expected()));
    }

    private static void AssertRefused(SignatureStatus refusal, params string[] lines)
    {
        Assert.False(ContentDigest.TryRead(new DigestMessage(lines), out ExpectedDigest expected, out SignatureStatus actual));
        Assert.Equal(refusal, actual);
        Assert.Equal(DigestAlgorithms.None, expected.Algorithms);
    }

    private static ExpectedDigest Read(params string[] lines)
    {
        Assert.True(ContentDigest.TryRead(new DigestMessage(lines), out ExpectedDigest expected, out SignatureStatus refusal));
        Assert.Equal(SignatureStatus.NotVerified, refusal);
        return expected;
    }

    private static SignatureStatus Verify(byte[] content, params string[] lines) => Verify(content, Read(lines));

    private static SignatureStatus Verify(byte[] content, in ExpectedDigest expected)
    {
        using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
        hasher.Append(content);
        return hasher.Verify(in expected);
    }
}
