using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Signing.AspNetCore;
using Signing.Tests.House;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class CredentialFormatTests
{
    // All but the checksum, which is computed here, bit by bit.
    private const string Token = "acme_token_live_0123456789abcdef0123456789abcdef0123456789a";

    private static readonly CredentialFormat Format = new("acme");

    public static TheoryData<CredentialTextKind> Kinds => [CredentialTextKind.Key, CredentialTextKind.Secret, CredentialTextKind.ApiToken];

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_made_is_read_and_says_what_it_is(CredentialTextKind kind)
    {
        string text = Create(kind, "live");

        Assert.True(Format.TryRead(text, out CredentialText parts));
        Assert.Equal(kind, parts.Kind);
        Assert.Equal("live", parts.Environment.ToString());
    }

    [Fact]
    public void A_Key_has_128_random_bits_and_a_Secret_256_and_a_checksum()
    {
        Assert.Matches("^acme_key_live_[0-9A-Za-z]{22}$", Format.CreateKey("live"));
        Assert.Matches("^acme_secret_test2_[0-9A-Za-z]{49}$", Format.CreateSecret("test2"));
        Assert.Matches("^acme_token_live_[0-9A-Za-z]{49}$", Format.CreateApiToken("live"));
        Assert.True(BigInteger.Pow(62, CredentialFormat.KeyRandomLength) > BigInteger.Pow(2, 128));
        Assert.True(BigInteger.Pow(62, CredentialFormat.SecretRandomLength) > BigInteger.Pow(2, 256));
        Assert.True(BigInteger.Pow(62, CredentialFormat.ChecksumLength) > BigInteger.Pow(2, 32));
    }

    [Fact]
    public void The_checksum_is_CRC_32C_over_all_that_stands_before_it()
    {
        string text = Token + Reference(Token);

        Assert.True(Format.TryRead(text, out CredentialText parts));
        Assert.Equal(CredentialTextKind.ApiToken, parts.Kind);

        // RFC 3720 appendix B.4: 32 bytes of zeros.
        Assert.Equal(0x8A9136AAu, ReferenceCrc(new byte[32]));
    }

    [Fact]
    public void Every_character_is_equally_likely()
    {
        const int texts = 4000;
        int[] counts = new int['z' + 1];
        for (int i = 0; i < texts; i++)
        {
            foreach (char c in Format.CreateSecret("live").AsSpan("acme_secret_live_".Length, CredentialFormat.SecretRandomLength))
            {
                counts[c]++;
            }
        }

        double expected = texts * CredentialFormat.SecretRandomLength / 62d;
        double chiSquare = counts.Where((_, c) => char.IsAsciiLetterOrDigit((char)c)).Sum(count => (count - expected) * (count - expected) / expected);

        // 61 degrees of freedom: 140 is exceeded by chance once in ten million runs; a modulo of a byte gives more than 2000.
        Assert.InRange(chiSquare, 10, 140);
    }

    [Fact]
    public void No_two_are_alike()
    {
        string[] keys = [.. Enumerable.Range(0, 1000).Select(_ => Format.CreateKey("live"))];

        Assert.Equal(keys.Length, keys.ToHashSet(StringComparer.Ordinal).Count);
    }

    [Theory]
    [InlineData(CredentialTextKind.Secret)]
    [InlineData(CredentialTextKind.ApiToken)]
    public void Every_typing_error_of_one_character_is_found(CredentialTextKind kind)
    {
        string text = Create(kind, "live");
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char other in "0aZ_-é \0")
            {
                if (text[i] != other)
                {
                    Assert.False(Format.TryRead($"{text[..i]}{other}{text[(i + 1)..]}", out _), $"{i} {other}");
                }
            }

            Assert.False(Format.TryRead(text.Remove(i, 1), out _), $"{i} removed");
            Assert.False(Format.TryRead(text.Insert(i, "a"), out _), $"{i} inserted");
            if (i > 0 && text[i] != text[i - 1])
            {
                Assert.False(Format.TryRead($"{text[..(i - 1)]}{text[i]}{text[i - 1]}{text[(i + 1)..]}", out _), $"{i} swapped");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("acme")]
    [InlineData("acme_key_")]
    [InlineData("acme_key_live")]
    [InlineData("acme_key__0123456789012345678901")]
    [InlineData("acme_key_LIVE_0123456789012345678901")]
    [InlineData("acme_key_li-ve_0123456789012345678901")]
    [InlineData("acme_key_li_ve_0123456789012345678901")]
    [InlineData("acme_key_live-0123456789012345678901")]
    [InlineData("acme_key_abcdefghijklmnopq_0123456789012345678901")]
    [InlineData("acme_key_live_012345678901234567890")]
    [InlineData("acme_key_live_01234567890123456789012")]
    [InlineData("acme_key_live_012345678901234567890_")]
    [InlineData("ACME_key_live_0123456789012345678901")]
    [InlineData("acme2_key_live_0123456789012345678901")]
    [InlineData("acm_key_live_0123456789012345678901")]
    [InlineData("acme_pass_live_0123456789012345678901")]
    [InlineData(" acme_key_live_0123456789012345678901")]
    [InlineData("acme_key_live_0123456789012345678901 ")]
    [InlineData("acme_key_live_0123456789012345678901\n")]
    public void Other_texts_are_refused_and_nothing_is_written(string text)
    {
        Assert.False(Format.TryRead(text, out CredentialText parts));
        Assert.Equal(CredentialTextKind.None, parts.Kind);
        Assert.True(parts.Environment.IsEmpty);
    }

    [Fact]
    public void A_text_of_one_kind_does_not_pass_for_another()
    {
        string secret = Format.CreateSecret("live");

        Assert.False(Format.TryRead(secret.Replace("_secret_", "_token_", StringComparison.Ordinal), out _));
        Assert.False(Format.TryRead(secret.Replace("_live_", "_test_", StringComparison.Ordinal), out _));
        Assert.False(new CredentialFormat("acne").TryRead(secret.Replace("acme", "acne", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void A_sharing_key_is_of_no_environment()
    {
        string random = Token["acme_token_live_".Length..];
        string right = $"acme_sharing_key_{random}";
        string wrong = $"acme_sharing_live_{random}";

        Assert.True(Format.TryRead(right + Reference(right), out _));
        Assert.False(Format.TryRead(wrong + Reference(wrong), out CredentialText parts));
        Assert.Equal(CredentialTextKind.None, parts.Kind);
    }

    [Fact]
    public void An_environment_has_up_to_sixteen_characters()
    {
        string longest = new('e', CredentialFormat.MaxEnvironmentLength);

        Assert.True(Format.TryRead(Format.CreateKey(longest), out CredentialText parts));
        Assert.Equal(longest, parts.Environment.ToString());
    }

    [Fact]
    public void Reading_allocates_nothing_whatever_the_text()
    {
        string right = Format.CreateApiToken("live");
        string wrong = right[..^1] + (right[^1] == 'a' ? 'b' : 'a');
        string endless = Token + new string('a', 100_000);

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            Assert.True(Format.TryRead(right, out _));
            Assert.False(Format.TryRead(wrong, out _));
            Assert.False(Format.TryRead(endless, out _));
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("1acme")]
    [InlineData("ac_me")]
    [InlineData("ac-me")]
    [InlineData("äcme")]
    [InlineData("abcdefghijklmnopq")]
    public void A_prefix_of_another_shape_is_refused(string prefix) => Assert.Throws<ArgumentException>(() => new CredentialFormat(prefix));

    [Theory]
    [InlineData("")]
    [InlineData("Live")]
    [InlineData("li_ve")]
    [InlineData("abcdefghijklmnopq")]
    public void An_environment_of_another_shape_is_refused(string environment) => Assert.Throws<ArgumentException>(() => Format.CreateKey(environment));

    [Fact]
    public void The_pattern_of_the_README_finds_Secrets_and_ApiTokens_in_text_and_nothing_else()
    {
        string pattern = Repository.Lines("src/Signing.AspNetCore/README.md")
            .SkipWhile(line => line != "## Secret scanners").First(line => line.StartsWith("\\b", StringComparison.Ordinal));
        string[] leaks = [Format.CreateSecret("live"), Format.CreateApiToken("test"), new CredentialFormat("x1").CreateSecret("p")];

        Assert.All(leaks, leak => Assert.Equal(leak, Regex.Match($"\"Secret\": \"{leak}\", // {Format.CreateKey("live")}", pattern).Value));
        Assert.DoesNotMatch(pattern, Format.CreateKey("live"));
        Assert.DoesNotMatch(pattern, "some_secret_live_value and a_token_b_c");
    }

    private static string Create(CredentialTextKind kind, string environment) => kind switch
    {
        CredentialTextKind.Key => Format.CreateKey(environment),
        CredentialTextKind.Secret => Format.CreateSecret(environment),
        _ => Format.CreateApiToken(environment),
    };

    private static string Reference(string text)
    {
        const string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        BigInteger value = ReferenceCrc(Encoding.ASCII.GetBytes(text));
        return string.Concat(Enumerable.Range(0, 6).Reverse().Select(i => alphabet[(int)(value / BigInteger.Pow(62, i) % 62)]));
    }

    private static uint ReferenceCrc(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return ~crc;
    }
}
