using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

public sealed class FreshnessTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Freshness _freshness;

    public FreshnessTests() => _freshness = new Freshness(_clock, TimeSpan.FromSeconds(30));

    [Fact]
    public void Nothing_is_fresh_before_the_first_answer()
    {
        Assert.False(_freshness.IsFresh);
        Assert.Null(_freshness.Age);
    }

    [Fact]
    public void An_answer_counts_from_when_it_was_asked_for()
    {
        Freshness.Moment asked = _freshness.Now();
        _clock.Advance(TimeSpan.FromSeconds(20));
        _freshness.Hear(asked);

        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.True(_freshness.IsFresh);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.False(_freshness.IsFresh);
        Assert.Equal(TimeSpan.FromSeconds(30), _freshness.Age);
    }

    [Fact]
    public void A_clock_that_is_set_back_keeps_nothing_fresh_for_longer()
    {
        _freshness.Hear(_freshness.Now());
        _clock.SetClock(_clock.GetUtcNow().AddHours(-1));

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.True(_freshness.IsFresh);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_freshness.IsFresh);
    }

    [Fact]
    public void Nothing_is_fresh_after_the_machine_has_slept_although_its_monotonic_clock_stood_still()
    {
        _freshness.Hear(_freshness.Now());

        _clock.SetClock(_clock.GetUtcNow().AddMinutes(1));

        Assert.False(_freshness.IsFresh);
    }

    [Theory]
    [InlineData(1, 500, 0, 100)]
    [InlineData(1, 500, 1, 50)]
    [InlineData(2, 500, 0, 200)]
    [InlineData(5, 500, 0, 1600)]
    [InlineData(6, 500, 0, 2000)]
    [InlineData(2_000_000_000, 500, 0, 2000)]
    [InlineData(2_000_000_000, 500, 1, 1000)]
    [InlineData(1, 50, 0, 10)]
    [InlineData(9, 5000, 0, 5000)]
    public void A_failure_is_followed_by_a_wait_that_doubles_to_two_seconds_or_the_interval(int failures, int interval, double draw, double expected)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(expected), ReconnectDelay.After(failures, TimeSpan.FromMilliseconds(interval), draw));
    }
}
