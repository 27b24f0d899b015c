using System.Net;
using System.Text;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>What a token endpoint may say, and what becomes of it.</summary>
public sealed class TokenAnswerTests
{
    [Theory]
    [InlineData("900", 900)]
    [InlineData("899.5", 899.5)]
    [InlineData("1", 1)]
    [InlineData("9e2", 900)]
    [InlineData("\"900\"", 900)]
    [InlineData("1e300", 2_592_000)]
    [InlineData("null", 300)]
    public void A_lifetime_is_a_number_of_seconds_however_it_is_written_and_at_most_30_days(string expiresIn, double seconds)
    {
        TokenReply reply = Read(200, $$"""{"access_token":"access-1","expires_in":{{expiresIn}}}""");

        Assert.Equal(TimeSpan.FromSeconds(seconds), reply.Grant!.Lifetime);
    }

    [Theory]
    [InlineData("\" 900\"")]
    [InlineData("\"+900\"")]
    [InlineData("\"9e2\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"\"")]
    [InlineData("[900]")]
    public void A_lifetime_that_is_written_otherwise_is_none(string expiresIn) =>
        Assert.Contains("expires_in", Read(200, $$"""{"access_token":"access-1","expires_in":{{expiresIn}}}""").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"access_token":"access-1"}""", null)]
    [InlineData("""{"access_token":"access-1","refresh_token":null,"token_type":null,"error":null}""", null)]
    [InlineData("""{"scope":"a b","token_type":"bearer","id":{"access_token":"other","expires_in":[{}]},"access_token":"access-1","refresh_token":"refresh-1","more":[1,[2]]}""", "refresh-1")]
    [InlineData("""{"access\u005ftoken":"access\u002d1"}""", null)]
    public void A_grant_is_read_whatever_else_the_server_says(string body, string? refreshToken)
    {
        TokenGrant grant = Assert.IsType<TokenGrant>(Read(201, body).Grant);

        Assert.Equal(("access-1", refreshToken), (grant.AccessToken, grant.RefreshToken));
    }

    [Theory]
    [InlineData("""{"access_token":"access-1","refresh_token":"r","refresh_token":"r"}""")]
    [InlineData("""{"access_token":"access-1","token_type":"Bearer","token_type":"Bearer"}""")]
    [InlineData("""{"access_token":"access-1","token_type":"Bearer "}""")]
    [InlineData("""{"access_token":"access-1","token_type":"DPoP"}""")]
    [InlineData("""{"access_token":"access-1","refresh_token":""}""")]
    [InlineData("""{"access_token":"access-1"}{}""")]
    [InlineData("""{"access_token":"access-1"},""")]
    [InlineData("""{"access_token":"access-1",}""")]
    [InlineData("""/* */{"access_token":"access-1"}""")]
    [InlineData("\ufeff{\"access_token\":\"access-1\"}")]
    public void What_is_doubtful_is_refused(string body)
    {
        TokenReply reply = Read(200, body);

        Assert.Null(reply.Grant);
        Assert.StartsWith("The token endpoint gave an answer that cannot be used: ", reply.Problem, StringComparison.Ordinal);
        Assert.False(reply.IsPermanent);
    }

    [Fact]
    public void A_token_has_8192_characters_at_most()
    {
        Assert.NotNull(Read(200, $$"""{"access_token":"{{new string('x', TokenAnswer.MaxTokenLength)}}"}""").Grant);
        Assert.Null(Read(200, $$"""{"access_token":"{{new string('x', TokenAnswer.MaxTokenLength + 1)}}"}""").Grant);
        Assert.Null(Read(200, $$"""{"access_token":"a","refresh_token":"{{new string('x', TokenAnswer.MaxTokenLength + 1)}}"}""").Grant);
    }

    [Theory]
    [InlineData("invalid_client", true)]
    [InlineData("unauthorized_client", true)]
    [InlineData("unsupported_grant_type", true)]
    [InlineData("invalid_scope", true)]
    [InlineData("invalid_request", true)]
    [InlineData("invalid_grant", false)]
    [InlineData("temporarily_unavailable", false)]
    public void What_the_same_options_cannot_mend_is_permanent(string error, bool isPermanent)
    {
        TokenReply reply = Read(400, $$"""{"error":"{{error}}"}""");

        Assert.Equal((error, isPermanent), (reply.Error, reply.IsPermanent));
        Assert.Contains(error, reply.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void A_server_that_is_in_trouble_is_not_believed_about_the_client(int status)
    {
        TokenReply reply = Read(status, """{"error":"invalid_client"}""", TimeSpan.FromSeconds(7));

        Assert.Equal((null, false, TimeSpan.FromSeconds(7)), (reply.Error, reply.IsPermanent, reply.RetryAfter));
    }

    [Theory]
    [InlineData("""{"error":"<script>"}""")]
    [InlineData("""{"error":"Invalid_Client"}""")]
    [InlineData("""{"error":"invalid client"}""")]
    [InlineData("""{"error":"invalid_client\n"}""")]
    [InlineData("""{"error":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"error":""}""")]
    [InlineData("""{"error":["invalid_client"]}""")]
    [InlineData("""{"error":"invalid_client"} and more""")]
    [InlineData("<html>secret words of the server</html>")]
    public void Nothing_of_an_error_is_repeated_that_does_not_look_like_a_code(string body)
    {
        TokenReply reply = Read(400, body);

        Assert.Equal("The token endpoint answered 400 without an error code.", reply.Problem);
        Assert.Equal((null, false), (reply.Error, reply.IsPermanent));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(302)]
    [InlineData(399)]
    public void A_redirect_is_called_what_it_is_and_gives_no_token(int status)
    {
        TokenReply reply = Read(status, """{"access_token":"a","expires_in":900}""");

        Assert.Equal((null, $"The token endpoint answered {status} without an error code; redirects are not followed."), (reply.Grant, reply.Problem));
    }

    [Fact]
    public void Neither_an_answer_nor_a_grant_shows_a_token_when_it_is_printed()
    {
        TokenReply reply = Read(200, """{"access_token":"access-1","refresh_token":"refresh-1"}""");

        Assert.Equal(("TokenGrant", "TokenGrant"), (reply.ToString(), reply.Grant!.ToString()));
    }

    private static TokenReply Read(int status, string body, TimeSpan? retryAfter = null) =>
        TokenAnswer.Read((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), retryAfter);
}
