using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>A token endpoint that answers nonsense: an error with a type, and nothing of it in a header.</summary>
public sealed class MalformedAnswerTests : TokenTestBase
{
    [Theory]
    [Trait("Scenario", "21")]
    [InlineData("<!DOCTYPE html><html><body>Sign in</body></html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"access-1\"")]
    [InlineData("{}")]
    [InlineData("""{"expires_in":900}""")]
    [InlineData("""{"access_token":null}""")]
    [InlineData("""{"access_token":7}""")]
    [InlineData("""{"access_token":["access-1"]}""")]
    [InlineData("""{"access_token":""}""")]
    [InlineData("""{"access_token":"access-1\r\nX-Evil: 1"}""")]
    [InlineData("""{"access_token":"access-1\n"}""")]
    [InlineData("""{"access_token":"access 1"}""")]
    [InlineData("""{"access_token":"accéss-1"}""")]
    [InlineData("""{"access_token":"\ud800"}""")]
    [InlineData("""{"access_token":"access-1","access_token":"access-2"}""")]
    [InlineData("""{"access_token":"access-1","token_type":"mac"}""")]
    [InlineData("""{"access_token":"access-1","refresh_token":"refresh-1\r\n"}""")]
    [InlineData("""{"access_token":"access-1"} trailing""")]
    [InlineData("""{"access_token":"access-1",""")]
    public async Task A_malformed_200_is_an_error_with_a_type_and_never_gets_into_a_header(string body)
    {
        Server.Next(200, body);

        await AssertRefusedAsync();
    }

    [Theory]
    [Trait("Scenario", "21")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_of_two_mebibytes_is_refused_whether_it_says_its_length_or_not(bool saysLength)
    {
        string body = """{"access_token":"access-1"}""" + new string(' ', 2 * 1024 * 1024);
        Server.Next(200, body, saysLength ? $"Content-Length: {body.Length}" : "");

        await AssertRefusedAsync();
    }

    [Fact]
    [Trait("Scenario", "21")]
    public async Task A_token_that_is_too_long_for_a_header_is_refused()
    {
        Server.Next(200, $$"""{"access_token":"{{new string('x', 9000)}}"}""");

        await AssertRefusedAsync();
    }

    [Theory]
    [Trait("Scenario", "16")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.9")]
    [InlineData("1e-9")]
    [InlineData("\"soon\"")]
    [InlineData("\"-5\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("900,\"expires_in\":1")]
    public async Task A_lifetime_that_is_none_is_an_error_and_no_storm(string expiresIn)
    {
        Server.ExpiresIn = expiresIn;

        await AssertRefusedAsync();
    }

    private async Task AssertRefusedAsync()
    {
        HttpClient client = ClientOf(Build());

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => client.GetAsync(Server.Address, Cancelled));
        await Assert.ThrowsAsync<AccessTokenException>(() => client.GetAsync(Server.Address, Cancelled));

        Assert.True(refused.IsTransient);
        Assert.DoesNotContain("access-", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (Server.TokenCalls, Server.ApiCalls));
    }
}
