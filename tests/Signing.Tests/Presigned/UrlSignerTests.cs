using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

public sealed class UrlSignerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, 700, TimeSpan.Zero);

    private readonly SigningKey _key = new(ApiHost.Key, ApiHost.Secret);
    private readonly UrlSigner _signer;

    public UrlSignerTests() => _signer = new UrlSigner(_key, new ManualTimeProvider(Now));

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("https://api.example.com/reports/7.pdf", "/reports/7.pdf")]
    [InlineData("https://api.example.com/reports/7.pdf?page=2&q=a+b%20c", "/reports/7.pdf?page=2&q=a+b%20c")]
    [InlineData("https://api.example.com/a?b?c=d", "/a?b?c=d")]
    [InlineData("https://api.example.com/a?&", "/a?&")]
    [InlineData("https://API.Example.COM:443/a/../b/./c?x", "/b/c?x")]
    [InlineData("https://api.example.com", "/")]
    [InlineData("https://api.example.com/%C3%A4?%E2%82%AC=1", "/%C3%A4?%E2%82%AC=1")]
    [InlineData("https://api.example.com/\u00e4?\u20ac=1", "/%C3%A4?%E2%82%AC=1")]
    [InlineData("https://api.example.com/a%2Fb?c=%2f", "/a%2Fb?c=%2f")]
    public void A_URL_is_presigned_as_the_profile_says(string uri, string target)
    {
        string url = _signer.Presign(new Uri(uri), TimeSpan.FromHours(1));

        Assert.Equal("https://api.example.com" + new PresignedDraft(target, Now).Signed, url);
    }

    [Theory]
    [InlineData("http://api.example.com:80/a", "http://api.example.com", "api.example.com")]
    [InlineData("https://api.example.com:8443/a", "https://api.example.com:8443", "api.example.com:8443")]
    [InlineData("http://api.example.com:443/a", "http://api.example.com:443", "api.example.com:443")]
    [InlineData("http://[::1]:8080/a", "http://[::1]:8080", "[::1]:8080")]
    [InlineData("https://[2001:DB8::1]/a", "https://[2001:db8::1]", "[2001:db8::1]")]
    [InlineData("https://b\u00fccher.example/a", "https://xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void The_authority_is_what_travels_in_the_Host_field(string uri, string origin, string authority)
    {
        string url = _signer.Presign(new Uri(uri), TimeSpan.FromHours(1));

        Assert.Equal(origin + new PresignedDraft("/a", Now) { Authority = authority }.Signed, url);
    }

    [Fact]
    public void An_empty_query_is_as_none()
    {
        Assert.Equal(_signer.Presign(new Uri("https://api.example.com/a"), TimeSpan.FromHours(1)), _signer.Presign(new Uri("https://api.example.com/a?"), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_fragment_stays_behind_the_signature_and_is_not_covered()
    {
        string url = _signer.Presign(new Uri("https://api.example.com/a?b=c#page=2"), TimeSpan.FromHours(1));

        Assert.Equal($"https://api.example.com{new PresignedDraft("/a?b=c", Now).Signed}#page=2", url);
    }

    [Fact]
    public void What_browsers_encode_is_encoded_before_it_is_signed()
    {
        string url = _signer.Presign(new Uri("https://api.example.com/o'brien?name=O'Brien&q=\"<a b>\"|^`{}\\"), TimeSpan.FromHours(1));

        string target = url["https://api.example.com".Length..];
        Assert.StartsWith("/o'brien?name=O%27Brien&q=%22%3Ca%20b%3E%22%7C%5E%60%7B%7D%5C&signature=", target, StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(target, Now));
    }

    [Theory]
    [InlineData("https://api.example.com/a?b='c'&d=%7E%41%2e#f")]
    [InlineData("https://api.example.com/%7Ea/%2e%2e/b?c[]=1&d=|")]
    public void The_URL_goes_through_a_Uri_unchanged(string uri)
    {
        string url = _signer.Presign(new Uri(uri), TimeSpan.FromHours(1));

        Assert.Equal(url, new Uri(url).AbsoluteUri);
    }

    [Theory]
    [InlineData("k")]
    [InlineData("shop.key_1-x~y")]
    [InlineData("a key, with \"quotes\" & \\ 100%")]
    [InlineData(".")]
    [InlineData("...")]
    public void Any_key_id_is_carried_and_verified(string keyId)
    {
        using var key = new SigningKey(keyId, ApiHost.Secret);

        string url = new UrlSigner(key, new ManualTimeProvider(Now)).Presign(new Uri("https://api.example.com/a?b"), TimeSpan.FromHours(1));

        Assert.Equal("https://api.example.com" + new PresignedDraft("/a?b", Now) { KeyId = keyId }.Signed, url);
        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(url["https://api.example.com".Length..], Now, keyId: keyId));
    }

    [Fact]
    public void The_longest_key_id_is_carried_even_if_each_character_is_encoded()
    {
        string keyId = new('"', SignatureLimits.MaxKeyIdLength);
        using var key = new SigningKey(keyId, ApiHost.Secret);

        string url = new UrlSigner(key, new ManualTimeProvider(Now)).Presign(new Uri("https://api.example.com/"), TimeSpan.FromHours(1));

        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(url["https://api.example.com".Length..], Now, keyId: keyId));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("ftp://api.example.com/a")]
    [InlineData("file:///a")]
    [InlineData("https://user@api.example.com/a")]
    [InlineData("https://user:password@api.example.com/a")]
    [InlineData("https://api.example.com/a?signature=1")]
    [InlineData("https://api.example.com/a?b&signature")]
    [InlineData("https://api.example.com/a?%73ign%61ture=1&b")]
    public void Another_kind_of_address_is_not_presigned(string address)
    {
        Assert.Throws<ArgumentException>("uri", () => _signer.Presign(new Uri(address, UriKind.RelativeOrAbsolute), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_URL_is_presigned_once()
    {
        string url = _signer.Presign(new Uri("https://api.example.com/a"), TimeSpan.FromHours(1));

        Assert.Throws<ArgumentException>("uri", () => _signer.Presign(new Uri(url), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void What_no_request_line_has_is_not_presigned()
    {
        var raw = new Uri("https://api.example.com/a b", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var huge = new Uri("https://api.example.com/?" + new string('a', SignatureLimits.MaxSignatureBaseBytes));

        Assert.Throws<ArgumentException>("uri", () => _signer.Presign(raw, TimeSpan.FromHours(1)));
        Assert.Throws<ArgumentException>("uri", () => _signer.Presign(huge, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_URL_lasts_from_a_second_to_seven_days()
    {
        var uri = new Uri("https://api.example.com/a");

        Assert.Contains($".{Now.ToUnixTimeSeconds() + 1}.", _signer.Presign(uri, TimeSpan.FromSeconds(1.9)), StringComparison.Ordinal);
        Assert.Contains($".{Now.AddDays(7).ToUnixTimeSeconds()}.", _signer.Presign(uri, TimeSpan.FromDays(7)), StringComparison.Ordinal);
        foreach (TimeSpan lifetime in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(0.9), -TimeSpan.FromHours(1), TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1), TimeSpan.MaxValue, TimeSpan.MinValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => _signer.Presign(uri, lifetime));
        }
    }

    [Fact]
    public void A_disposed_key_presigns_nothing()
    {
        _key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _signer.Presign(new Uri("https://api.example.com/a"), TimeSpan.FromHours(1)));
    }
}
