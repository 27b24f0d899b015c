using System.Security.Cryptography;
using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

public sealed class TokenFormatTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Master = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];

    private readonly TokenFormat _format = new("sgn");
    private readonly TokenKeySet _keys = KeysOf("https://api.example.com/auth");

    public void Dispose()
    {
        foreach (SigningKey key in _keys.All)
        {
            key.Dispose();
        }
    }

    public static TheoryData<string> Kinds => [nameof(TokenKind.Access), nameof(TokenKind.Refresh)];

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_written_is_read(string name)
    {
        TokenContent content = ContentOf(KindOf(name));

        string token = _format.Write(content, _keys);

        Assert.Equal(TokenStatus.Valid, _format.Read(content.Kind, token, _keys, Now, out TokenContent read));
        Assert.Equal(content, read);
        Assert.Equal(token, _format.Write(content, _keys));
        Assert.StartsWith($"sgn_{name.ToLowerInvariant()}_", token);
        Assert.Equal(80, token.Length - token.LastIndexOf($"_{name.ToLowerInvariant()}_", StringComparison.Ordinal) - name.Length - 2);
    }

    // The format and the derivation are a contract between the nodes and versions of this package: computed here by other means.
    [Fact]
    public void A_token_is_the_MAC_of_its_text_and_payload_under_a_key_derived_for_issuer_and_kind()
    {
        var content = new TokenContent(TokenKind.Access, new UInt128(0x0102030405060708, 0x090a0b0c0d0e0f10), Sequence: 5, Now.AddMinutes(15), KeyVersion: 1);
        byte[] payload = Convert.FromHexString("0102030405060708090a0b0c0d0e0f10" + "00000005" + ((uint)Now.AddMinutes(15).ToUnixTimeSeconds()).ToString("x8") + "00000001");
        byte[] info = [.. Part("signing/token/v1"), .. Part("https://api.example.com/auth"), .. Part("access")];
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Master, 32, salt: [], info);
        byte[] mac = HMACSHA256.HashData(key, (byte[])[.. "sgn_access_"u8, .. payload]);

        Assert.Equal("sgn_access_" + Convert.ToBase64String([.. payload, .. mac]).Replace('+', '-').Replace('/', '_'), _format.Write(content, _keys));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_token_with_any_one_character_changed_is_refused(string name)
    {
        TokenContent content = ContentOf(KindOf(name));
        string token = _format.Write(content, _keys);
        char[] changed = token.ToCharArray();
        for (int position = 0; position < token.Length; position++)
        {
            for (int character = 0; character < 256; character++)
            {
                if (character == token[position])
                {
                    continue;
                }

                changed[position] = (char)character;
                TokenStatus status = _format.Read(content.Kind, changed, _keys, Now, out TokenContent read);
                Assert.True(status is TokenStatus.MalformedToken or TokenStatus.TamperedToken, $"{status} with {character} at {position}");
                Assert.Equal(default, read);
            }

            changed[position] = token[position];
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_character_whose_lower_byte_alone_is_right_is_refused(string name)
    {
        TokenContent content = ContentOf(KindOf(name));
        string token = _format.Write(content, _keys);
        char[] changed = token.ToCharArray();
        for (int position = 0; position < token.Length; position++)
        {
            foreach (int upper in (int[])[0x100, 0x2100, 0xff00])
            {
                changed[position] = (char)(upper | token[position]);
                Assert.Equal(TokenStatus.MalformedToken, _format.Read(content.Kind, changed, _keys, Now, out _));
            }

            changed[position] = token[position];
        }
    }

    [Fact]
    public void Whatever_comes_in_the_length_of_a_token_is_refused_and_nothing_is_thrown()
    {
        Random random = new(9421);
        char[] value = new char[91];
        for (int round = 0; round < 20_000; round++)
        {
            "sgn_access_".CopyTo(value);
            for (int i = 11; i < value.Length; i++)
            {
                value[i] = (char)random.Next(round % 2 == 0 ? 128 : char.MaxValue + 1);
            }

            Assert.NotEqual(TokenStatus.Valid, _format.Read(TokenKind.Access, value, _keys, Now, out TokenContent read));
            Assert.Equal(default, read);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_token_with_any_one_bit_of_its_bytes_changed_is_refused(string name)
    {
        TokenContent content = ContentOf(KindOf(name));
        string token = _format.Write(content, _keys);
        string text = token[..^80];
        byte[] bytes = Convert.FromBase64String(token[^80..].Replace('-', '+').Replace('_', '/'));
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            string changed = text + Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
            Assert.Equal(TokenStatus.TamperedToken, _format.Read(content.Kind, changed, _keys, Now, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_token_of_each_kind_is_refused_in_the_place_of_every_other()
    {
        foreach (TokenKind kind in (TokenKind[])[TokenKind.Access, TokenKind.Refresh])
        {
            string token = _format.Write(ContentOf(kind), _keys);
            foreach (TokenKind other in (TokenKind[])[TokenKind.Access, TokenKind.Refresh])
            {
                TokenStatus expected = kind == other ? TokenStatus.Valid : TokenStatus.MalformedToken;
                Assert.Equal(expected, _format.Read(other, token, _keys, Now, out _));

                // Renamed to the kind that belongs there, its MAC is wrong.
                string renamed = $"sgn_{TokenKinds.TextOf(other)}_{token[^80..]}";
                Assert.Equal(kind == other ? TokenStatus.Valid : TokenStatus.TamperedToken, _format.Read(other, renamed, _keys, Now, out _));
            }
        }
    }

    [Fact]
    public void The_MAC_covers_the_text_even_where_the_key_is_the_same()
    {
        string token = _format.Write(ContentOf(TokenKind.Access), _keys);

        string renamed = "other" + token["sgn".Length..];

        Assert.Equal(TokenStatus.MalformedToken, _format.Read(TokenKind.Access, renamed, _keys, Now, out _));
        Assert.Equal(TokenStatus.TamperedToken, new TokenFormat("other").Read(TokenKind.Access, renamed, _keys, Now, out _));
    }

    [Theory]
    [InlineData("https://api.example.com/auth2")]
    [InlineData("https://api.example.com")]
    [InlineData("http://api.example.com/auth")]
    public void A_token_of_another_issuer_with_the_same_master_key_is_refused(string issuer)
    {
        foreach (TokenKind kind in (TokenKind[])[TokenKind.Access, TokenKind.Refresh])
        {
            string token = _format.Write(ContentOf(kind), KeysOf(issuer));

            Assert.Equal(TokenStatus.TamperedToken, _format.Read(kind, token, _keys, Now, out _));
        }
    }

    [Fact]
    public void No_two_pairs_of_issuer_and_kind_share_a_key()
    {
        string[] issuers = ["https://a.example/access", "https://a.example/", "https://a.example/acces", "https://a.example/access|refresh"];

        string[] tokens = [.. from issuer in issuers
                              let keys = KeysOf(issuer)
                              from kind in (TokenKind[])[TokenKind.Access, TokenKind.Refresh]
                              select _format.Write(ContentOf(kind), keys)[^43..]];

        Assert.Equal(tokens.Length, tokens.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sgn")]
    [InlineData("sgn_access")]
    [InlineData("Bearer sgn_access_")]
    [InlineData("SGN_ACCESS_")]
    public void What_has_another_length_or_beginning_is_malformed(string value)
    {
        string token = _format.Write(ContentOf(TokenKind.Access), _keys);

        Assert.Equal(TokenStatus.MalformedToken, Read(value));
        Assert.Equal(TokenStatus.MalformedToken, Read(value.PadRight(token.Length, 'A')));
        Assert.Equal(TokenStatus.MalformedToken, Read(value + token[^80..]));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("=")]
    [InlineData("A")]
    [InlineData("AAAA")]
    public void A_token_with_anything_before_after_or_in_it_is_refused(string added)
    {
        string token = _format.Write(ContentOf(TokenKind.Access), _keys);

        Assert.Equal(TokenStatus.MalformedToken, Read(token + added));
        Assert.Equal(TokenStatus.MalformedToken, Read(added + token));
        Assert.Equal(TokenStatus.MalformedToken, Read(token.Insert(token.Length - 10, added)));

        // The same length: what a lenient decoder would skip.
        Assert.NotEqual(TokenStatus.Valid, Read(token[..^added.Length] + added));
        Assert.NotEqual(TokenStatus.Valid, Read(token[..20] + added + token[20..^added.Length]));
    }

    [Theory]
    [InlineData(' ')]
    [InlineData('\t')]
    [InlineData('\n')]
    public void A_token_whose_characters_are_fewer_bytes_is_malformed_and_no_part_of_its_MAC_is_compared(char space)
    {
        string token = _format.Write(ContentOf(TokenKind.Access), _keys);

        Assert.Equal(TokenStatus.MalformedToken, Read(token[..^4] + new string(space, 4)));
    }

    [Fact]
    public void A_token_in_the_alphabet_of_plain_base64_is_refused()
    {
        for (int i = 0; i < 100; i++)
        {
            string token = _format.Write(ContentOf(TokenKind.Access) with { Sequence = i }, _keys);
            string plain = token[..^80] + token[^80..].Replace('-', '+').Replace('_', '/');

            Assert.Equal(plain == token ? TokenStatus.Valid : TokenStatus.MalformedToken, Read(plain));
        }
    }

    [Fact]
    public void A_token_expires_at_its_second_and_says_so_only_if_it_is_ours()
    {
        TokenContent content = ContentOf(TokenKind.Access);
        string token = _format.Write(content, _keys);

        Assert.Equal(TokenStatus.Valid, _format.Read(TokenKind.Access, token, _keys, content.Expires - TimeSpan.FromTicks(1), out _));
        Assert.Equal(TokenStatus.Expired, _format.Read(TokenKind.Access, token, _keys, content.Expires, out TokenContent expired));
        Assert.Equal(content, expired);
        Assert.Equal(TokenStatus.TamperedToken, _format.Read(TokenKind.Access, token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), _keys, content.Expires, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_token_of_a_key_version_that_is_not_known_is_refused(int version)
    {
        using var key = new SigningKey("k", HKDF.DeriveKey(HashAlgorithmName.SHA256, Master, 32));
        var foreign = new TokenKeySet([(version, [key, key], DateTimeOffset.MaxValue)]);

        string token = _format.Write(ContentOf(TokenKind.Access) with { KeyVersion = version }, foreign);

        Assert.Equal(TokenStatus.TamperedToken, Read(token));
    }

    [Fact]
    public void A_foreign_value_is_not_ours_and_any_token_of_ours_is()
    {
        Assert.True(_format.IsOurs(_format.Write(ContentOf(TokenKind.Access), _keys)));
        Assert.True(_format.IsOurs(_format.Write(ContentOf(TokenKind.Refresh), _keys)));
        Assert.False(_format.IsOurs("eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo"));
        Assert.False(_format.IsOurs("sgnx_access_"));
        Assert.False(_format.IsOurs(""));
    }

    private TokenStatus Read(string token) => _format.Read(TokenKind.Access, token, _keys, Now, out _);

    private static TokenKind KindOf(string name) => Enum.Parse<TokenKind>(name);

    private static TokenContent ContentOf(TokenKind kind) => new(kind, new UInt128(ulong.MaxValue - 3, 17), Sequence: 7, Now.AddMinutes(15), KeyVersion: 1);

    private static TokenKeySet KeysOf(string issuer) => new([(1, TokenKeySet.Derive(Master, 1, issuer), DateTimeOffset.MaxValue)]);

    private static byte[] Part(string text) => [0, 0, 0, (byte)text.Length, .. System.Text.Encoding.UTF8.GetBytes(text)];
}
