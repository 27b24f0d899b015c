using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>Clocks that jump, and lifetimes of every kind.</summary>
public sealed class ClockTests : TokenTestBase
{
    [Theory]
    [Trait("Scenario", "16")]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    public async Task A_wall_clock_that_jumps_an_hour_costs_one_refresh_at_most(int hours, int refreshes)
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        DateTimeOffset right = Time.GetUtcNow();

        Time.SetClock(right.AddHours(hours));
        await source.GetAsync(Cancelled);
        await source.GetAsync(Cancelled);
        Assert.Equal((1, refreshes), (Server.Logins, Server.Refreshes));

        // And back again.
        Time.SetClock(right);
        await source.GetAsync(Cancelled);
        Assert.Equal((1, refreshes), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    [Trait("Scenario", "16")]
    public async Task A_wall_clock_that_was_set_back_does_not_keep_a_token_alive()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);

        Time.SetClock(Time.GetUtcNow().AddHours(-1));
        Time.Advance(Unusable);

        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
    }

    [Theory]
    [Trait("Scenario", "16")]
    [InlineData("900", 900)]
    [InlineData("\"600\"", 600)]
    [InlineData("59.5", 59.5)]
    [InlineData("null", 300)]
    [InlineData("5", 5)]
    [InlineData("99999999999999999999", 30 * 86_400)]
    [InlineData("1e300", 30 * 86_400)]
    public async Task A_lifetime_is_believed_as_far_as_it_makes_sense(string expiresIn, double seconds)
    {
        Server.ExpiresIn = expiresIn;
        AccessTokenSource source = SourceOf(Build());

        AccessToken token = await source.GetAsync(Cancelled);
        Assert.Equal(Time.GetUtcNow().AddSeconds(seconds), token.ExpiresAt);

        // Fresh before three quarters, never used in the last part.
        Time.Advance(TimeSpan.FromSeconds(seconds * 0.74));
        Assert.Same(token, await source.GetAsync(Cancelled));
        Assert.Equal(1, Server.TokenCalls);
        Time.Advance(TimeSpan.FromSeconds(seconds * 0.26));
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    [Trait("Scenario", "16")]
    public async Task Without_a_lifetime_five_minutes_are_assumed()
    {
        Server.Next(200, """{"access_token":"access-1"}""");
        AccessTokenSource source = SourceOf(Build());

        Assert.Equal(Time.GetUtcNow().AddMinutes(5), (await source.GetAsync(Cancelled)).ExpiresAt);
    }

    [Fact]
    public async Task A_token_that_is_due_is_replaced_in_the_background_by_one_refresh()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        await Log.UntilAsync(Acquired);
        Time.Advance(StillFresh);
        await source.GetAsync(Cancelled);
        Assert.Equal(1, Server.TokenCalls);

        Time.Advance(Due - StillFresh);
        AccessToken[] tokens = await TogetherAsync(1000, () => source.GetAsync(Cancelled).AsTask());
        await Log.UntilAsync(Acquired);

        Assert.All(tokens, token => Assert.Contains(token.Value, (string[])["access-1", "access-2"]));
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    public async Task An_answer_without_a_refresh_token_leaves_the_old_one_in_force()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        Server.Next(200, """{"access_token":"access-9","expires_in":900}""");
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        await source.GetAsync(Cancelled);

        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Assert.All(Server.TokenRequests[1..], request => Assert.Contains("refresh-1", request.Text, StringComparison.Ordinal));
    }
}
