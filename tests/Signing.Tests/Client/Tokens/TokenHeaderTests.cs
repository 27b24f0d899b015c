using Microsoft.Extensions.Logging.Abstractions;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>Which requests get a token, and how it stands on them.</summary>
public sealed class TokenHeaderTests
{
    private static readonly Uri Orders = new("https://api.example.com/orders");

    [Theory]
    [InlineData("https://api.example.com/orders", true)]
    [InlineData("https://API.example.com:443/", true)]
    [InlineData("https://api.example.com./", false)]
    [InlineData("https://api.example.com:8443/orders", false)]
    [InlineData("http://api.example.com/orders", false)]
    [InlineData("https://example.com/orders", false)]
    [InlineData("https://evil.api.example.com/orders", false)]
    [InlineData("https://api.example.com.evil.example/orders", false)]
    [InlineData("https://api.example.com@evil.example/orders", false)]
    [InlineData("https://evil.example/?https://api.example.com", false)]
    public void A_token_goes_to_its_origin_and_to_no_other(string address, bool gets)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        Assert.Equal(gets, Header().IsFor(request));
    }

    [Fact]
    public void A_relative_address_a_header_of_the_caller_s_own_and_the_caller_s_wish_each_keep_the_token_away()
    {
        using var relative = new HttpRequestMessage(HttpMethod.Get, "/orders");
        using var own = new HttpRequestMessage(HttpMethod.Get, Orders);
        own.Headers.TryAddWithoutValidation("authorization", "");
        using var skipped = new HttpRequestMessage(HttpMethod.Get, Orders);
        skipped.Options.Set(TokenOverrides.Skip, true);
        using var wanted = new HttpRequestMessage(HttpMethod.Get, Orders);
        wanted.Options.Set(TokenOverrides.Skip, false);

        Assert.All([relative, own, skipped], request => Assert.False(Header().IsFor(request)));
        Assert.True(Header().IsFor(wanted));
    }

    [Theory]
    [InlineData("Authorization", null, "Bearer token-1")]
    [InlineData("authorization", null, "Bearer token-1")]
    [InlineData("Authorization", "Token", "Token token-1")]
    [InlineData("Authorization", "", "token-1")]
    [InlineData("auth", null, "token-1")]
    [InlineData("auth", "Bearer", "Bearer token-1")]
    public void A_token_stands_behind_the_word_that_its_header_has(string name, string? scheme, string sent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Orders);
        TokenHeader header = Header(new TokenHeaderOptions { Name = name, Scheme = scheme });

        using (header.Put(request, "token-1"))
        {
            Assert.Equal(sent, Assert.Single(request.Headers.NonValidated[name]));
        }

        Assert.Empty(request.Headers);
    }

    [Fact]
    public void Each_request_gets_the_token_of_its_time_and_many_share_one_text()
    {
        TokenHeader header = Header();
        string[] tokens = ["token-1", "token-2"];

        string[] sent = [.. new[] { tokens[0], tokens[0], tokens[1] }.Select(token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Orders);
            using TokenOnRequest put = header.Put(request, token);
            return request.Headers.NonValidated["Authorization"].ToString();
        })];

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], sent);
        Assert.Same(sent[0], sent[1]);
    }

    private static TokenHeader Header(TokenHeaderOptions? options = null) => new(options ?? new TokenHeaderOptions(), [Origin.Of(Orders)], NullLogger.Instance);
}
