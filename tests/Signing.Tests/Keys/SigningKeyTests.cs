using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Signing.Tests.Keys;

public sealed class SigningKeyTests
{
    private const string Secret = "sk_live_0123456789abcdefghijklmnopqrstuvwxyzABCDE";

    [Fact]
    public void The_key_is_the_UTF8_bytes_of_the_secret_exactly_as_shown()
    {
        const string Unusual = " sk_live_pässwörd·with·spaces ";
        using var fromText = new SigningKey("id", Unusual);
        byte[] data = [1, 2, 3];

        byte[] mac = new byte[HmacSha256.MacSize];
        HmacSha256.Compute(fromText, data, mac);

        Assert.Equal(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Unusual), data), mac);
    }

    [Fact]
    public void The_bytes_of_the_secret_are_copied()
    {
        byte[] secret = Encoding.UTF8.GetBytes(Secret);
        using var key = new SigningKey("id", secret);
        byte[] mac = HMACSHA256.HashData(secret, "x"u8);

        Array.Clear(secret);

        Assert.True(HmacSha256.Verify(key, "x"u8, mac));
    }

    [Theory]
    [InlineData("")]
    [InlineData("key\n")]
    [InlineData("key\u007f")]
    [InlineData("kéy")]
    public void A_key_id_that_does_not_fit_into_keyid_is_refused(string keyId)
    {
        Assert.Throws<ArgumentException>(nameof(keyId), () => new SigningKey(keyId, Secret));
        Assert.Throws<ArgumentException>(nameof(keyId), () => new SigningKey(keyId, Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public void A_key_id_has_at_most_256_characters()
    {
        using var longest = new SigningKey(new string('k', 256), Secret);

        Assert.Equal(256, longest.KeyId.Length);
        Assert.Throws<ArgumentException>("keyId", () => new SigningKey(new string('k', 257), Secret));
    }

    [Fact]
    public void A_secret_has_at_least_16_bytes()
    {
        using var shortest = new SigningKey("id", new string('s', 16));
        using var shortestInBytes = new SigningKey("id", new string('é', 8));

        Assert.Throws<ArgumentException>("secret", () => new SigningKey("id", new string('s', 15)));
        Assert.Throws<ArgumentException>("secret", () => new SigningKey("id", new byte[15]));
        Assert.Throws<ArgumentException>("secret", () => new SigningKey("id", ""));
    }

    [Theory]
    [InlineData("id", "TooShortSecret")]
    [InlineData("TooShortSecret-in-the-wrong-argument-\n", "id-where-the-secret-belongs")]
    public void No_exception_quotes_the_secret(string keyId, string secret)
    {
        string text = Assert.ThrowsAny<ArgumentException>(() => new SigningKey(keyId, secret)).ToString();

        Assert.DoesNotContain("TooShortSecret", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme_secret_live_0123456789abcdefghijklmnopqrstuvwxyz01234561iOZ5g")]
    [InlineData("acme_token_test_0123456789abcdefghijklmnopqrstuvwxyz01234561nMIls")]
    public void A_Secret_or_token_in_the_place_of_the_key_id_is_refused_and_not_quoted(string keyId)
    {
        string text = Assert.Throws<ArgumentException>(nameof(keyId), () => new SigningKey(keyId, Secret)).ToString();

        Assert.Contains("has the form of a Secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain(keyId, text, StringComparison.Ordinal);
        using var mistyped = new SigningKey(keyId[..^1] + "-", Secret);
        using var lengthened = new SigningKey(keyId + "-", Secret);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_because_two_programs_could_encode_it_differently()
    {
        // Not inline data: that is stored as UTF-8, which replaces it.
        string secret = Secret + '\ud800';

        string text = Assert.Throws<ArgumentException>(nameof(secret), () => new SigningKey("id", secret)).ToString();

        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("D800", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void It_shows_its_id_and_nothing_else()
    {
        using var key = new SigningKey("key-1", Secret);

        Assert.Equal("key-1", key.ToString());
        Assert.Equal("key-1", $"{key}");
        Assert.Equal("""{"KeyId":"key-1"}""", JsonSerializer.Serialize(key));
        Assert.Equal("{KeyId,nq}", typeof(SigningKey).GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
    }

    [Fact]
    public void The_debugger_opens_no_member_that_leads_to_the_secret()
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        IEnumerable<MemberInfo> shown = typeof(SigningKey).GetMembers(Any)
            .Where(member => member is PropertyInfo || (member is FieldInfo && !member.Name.Contains('<', StringComparison.Ordinal)))
            .Where(member => member.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State != DebuggerBrowsableState.Never);

        Assert.Equal("KeyId KeyIdParameter _disposed", string.Join(' ', shown.Select(member => member.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Disposing_zeroes_the_secret_in_place_and_may_be_repeated()
    {
        var key = new SigningKey("id", Secret);
        var secret = (byte[])typeof(SigningKey).GetField("_secret", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(key)!;
        Assert.Equal(Encoding.UTF8.GetBytes(Secret), secret);

        key.Dispose();
        key.Dispose();

        Assert.All(secret, b => Assert.Equal(0, b));
    }
}
