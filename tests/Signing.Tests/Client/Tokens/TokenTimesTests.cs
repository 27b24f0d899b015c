using System.Net.Http.Headers;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>The arithmetic alone: no clock, no network.</summary>
public sealed class TokenTimesTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [Trait("Scenario", "16")]
    [InlineData(900, 0.5, 720, 840)]
    [InlineData(900, 0, 675, 840)]
    [InlineData(900, 1, 765, 840)]
    [InlineData(3600, 0.5, 2880, 3540)]
    [InlineData(60, 0.5, 48, 54)]
    [InlineData(5, 1, 4.25, 4.5)]
    [InlineData(0.001, 0.5, 0.0008, 0.0009)]
    public void A_token_is_refreshed_at_80_percent_and_not_used_in_its_last_minute_or_tenth(double lifetime, double draw, double refreshAt, double unusableAt)
    {
        TokenTimes times = TokenTimes.Of(TimeSpan.FromSeconds(lifetime), draw);

        Assert.Equal(TimeSpan.FromSeconds(refreshAt), times.RefreshAt);
        Assert.Equal(TimeSpan.FromSeconds(unusableAt), times.UnusableAt);
    }

    [Fact]
    [Trait("Scenario", "16")]
    public void No_lifetime_is_too_long_to_reckon_with() =>
        Assert.Equal(TokenTimes.MaxLifetime, TokenTimes.Of(TimeSpan.MaxValue, 1).Lifetime);

    [Fact]
    public void The_three_uses_follow_each_other_at_those_ages()
    {
        TokenTimes times = TokenTimes.Of(TimeSpan.FromSeconds(900), 0.5);

        Assert.Equal(
            [TokenUse.Fresh, TokenUse.Fresh, TokenUse.Due, TokenUse.Due, TokenUse.Unusable, TokenUse.Unusable],
            ((double[])[0, 719.9, 720, 839.9, 840, 1e9]).Select(age => times.At(TimeSpan.FromSeconds(age))));
    }

    [Theory]
    [Trait("Scenario", "16")]
    [InlineData(10, 10, 10)]
    [InlineData(3610, 10, 3610)]
    [InlineData(-3590, 10, 10)]
    [InlineData(100, 0, 100)]
    [InlineData(-5, -5, 0)]
    public void Age_is_what_the_clock_says_that_says_more(double wall, double monotonic, double age)
    {
        var then = new TokenMoment(Noon, TimeSpan.FromHours(7));
        var now = new TokenMoment(Noon.AddSeconds(wall), then.Monotonic + TimeSpan.FromSeconds(monotonic));

        Assert.Equal(TimeSpan.FromSeconds(age), then.AgeAt(now));
    }

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0, 0.8)]
    [InlineData(1, 1, 1.2)]
    [InlineData(2, 0.5, 2)]
    [InlineData(6, 0.5, 32)]
    [InlineData(7, 0.5, 60)]
    [InlineData(int.MaxValue, 1, 72)]
    public void Back_off_doubles_to_a_minute(int failures, double draw, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures, draw));

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Tue, 01 Jan 2030 12:00:30 GMT", 30)]
    [InlineData("Tue, 01 Jan 2030 11:00:00 GMT", 0)]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT", 86_400)]
    [InlineData("2147483647", 86_400)]
    public void Retry_After_is_seconds_or_a_date_and_at_most_a_day(string field, int seconds)
    {
        var asked = RetryConditionHeaderValue.Parse(field);

        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Asked(asked, answered: null, Noon));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Asked(asked, answered: Noon, Noon.AddYears(-3)));
    }

    [Fact]
    public void Without_Retry_After_nothing_is_asked() => Assert.Null(Backoff.Asked(null, Noon, Noon));
}
