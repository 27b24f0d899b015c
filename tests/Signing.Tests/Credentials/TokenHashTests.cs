using System.Security.Cryptography;
using System.Text;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class TokenHashTests
{
    // FIPS 180-2 appendix B.1.
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void It_is_the_SHA_256_of_the_text_in_UTF_8()
    {
        Assert.Equal(OfAbc, TokenHash.Of("abc").ToString());
        Assert.Equal(new TokenHash(SHA256.HashData(Encoding.UTF8.GetBytes("clé"))), TokenHash.Of("clé"));
        string endless = new('a', 100_000);
        Assert.Equal(new TokenHash(SHA256.HashData(Encoding.UTF8.GetBytes(endless))), TokenHash.Of(endless));
    }

    [Fact]
    public void It_is_read_as_tools_print_it()
    {
        string base64 = Convert.ToBase64String(Convert.FromHexString(OfAbc));
        string[] texts = [OfAbc, OfAbc.ToUpperInvariant(), base64, base64.TrimEnd('='), base64.Replace('+', '-').Replace('/', '_')];

        Assert.All(texts, text =>
        {
            Assert.True(TokenHash.TryParse(text, out TokenHash hash));
            Assert.Equal(TokenHash.Of("abc"), hash);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa")]
    [InlineData("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa==")]
    [InlineData("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0\n")]
    [InlineData("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/Y IAFa0=")]
    [InlineData("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa1=")]
    [InlineData("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa1")]
    public void Other_texts_are_no_hash(string text) => Assert.False(TokenHash.TryParse(text, out _));

    [Fact]
    public void One_bit_makes_another_hash()
    {
        byte[] bytes = SHA256.HashData("abc"u8);
        for (int i = 0; i < TokenHash.Size; i++)
        {
            byte[] other = [.. bytes];
            other[i] ^= 1;

            Assert.NotEqual(new TokenHash(bytes), new TokenHash(other));
        }

        Assert.Throws<ArgumentException>(() => new TokenHash(bytes.AsSpan(1)));
    }

    [Fact]
    public void Computing_it_allocates_nothing()
    {
        string token = new CredentialFormat("acme").CreateApiToken("live");

        Assert.Equal(0, Allocation.OfWarmed(() => Assert.True(TokenHash.Of(token) != default)));
    }
}
