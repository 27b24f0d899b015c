using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>The text that a store of tokens keeps.</summary>
public sealed class StoredTokenTests
{
    private static readonly TokenMoment Noon = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(3));

    [Theory]
    [InlineData("refresh-1")]
    [InlineData(null)]
    public void A_token_comes_back_as_it_was_written(string? refreshToken)
    {
        string text = StoredToken.Write(new AccessToken("access-1", refreshToken, Noon, TokenTimes.Of(TimeSpan.FromSeconds(900), 0.5)));

        AccessToken token = Read(text, Noon);

        Assert.Equal(("access-1", refreshToken), (token.Value, token.RefreshToken));
        Assert.Equal((Noon.Wall, TimeSpan.FromSeconds(900), TimeSpan.Zero), (token.IssuedAt, token.Lifetime, token.AgeAt(Noon)));
    }

    [Theory]
    [InlineData(0, "Fresh")]
    [InlineData(719, "Fresh")]
    [InlineData(720, "Due")]
    [InlineData(839, "Due")]
    [InlineData(840, "Unusable")]
    [InlineData(1_000_000, "Unusable")]
    [InlineData(-1_000_000, "Fresh")]
    public void It_is_as_old_as_the_wall_clock_says_in_whichever_process(int seconds, string use)
    {
        var now = new TokenMoment(Noon.Wall.AddSeconds(seconds), TimeSpan.FromSeconds(5));

        AccessToken token = Read(Text(), now);

        Assert.Equal(use, token.At(now).ToString());
        Assert.Equal(TokenUse.Unusable, token.At(new TokenMoment(now.Wall, now.Monotonic + TimeSpan.FromSeconds(841))));
    }

    [Fact]
    public void A_lifetime_of_centuries_is_one_of_30_days() =>
        Assert.Equal(TokenTimes.MaxLifetime, Read(Text(lifetime: "9223372036854775807"), Noon).Lifetime);

    [Theory]
    [InlineData("\"\"", "null", "900000")]
    [InlineData("null", "null", "900000")]
    [InlineData("\"access 1\"", "null", "900000")]
    [InlineData("\"access-1\\r\\nX-Evil: 1\"", "null", "900000")]
    [InlineData("\"access-1\"", "\"\"", "900000")]
    [InlineData("\"access-1\"", "\"refresh-1\\n\"", "900000")]
    [InlineData("\"access-1\"", "7", "900000")]
    [InlineData("\"access-1\"", "null", "0")]
    [InlineData("\"access-1\"", "null", "-1")]
    [InlineData("\"access-1\"", "null", "1.5")]
    [InlineData("\"access-1\"", "null", "\"900000\"")]
    public void What_this_class_would_not_have_written_is_no_token(string access, string refresh, string lifetime)
    {
        Assert.False(StoredToken.TryRead(Text(access, refresh, lifetime), Noon, 0.5, out AccessToken? token));
        Assert.Null(token);
    }

    private static string Text(string access = "\"access-1\"", string refresh = "null", string lifetime = "900000") =>
        $$"""{"access_token":{{access}},"refresh_token":{{refresh}},"issued_at_ms":{{Noon.Wall.ToUnixTimeMilliseconds()}},"lifetime_ms":{{lifetime}}}""";

    private static AccessToken Read(string text, TokenMoment now)
    {
        Assert.True(StoredToken.TryRead(text, now, 0.5, out AccessToken? token));
        return token!;
    }
}
