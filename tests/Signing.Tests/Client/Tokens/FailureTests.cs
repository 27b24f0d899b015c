using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>What callers notice when the token endpoint fails, and how often it is asked again.</summary>
public sealed class FailureTests : TokenTestBase
{
    private const int Callers = 1000;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1.3);

    [Theory]
    [InlineData("/auth/login?tenant=hidden", "")]
    [InlineData("/auth/login", """{"error":"Not Found","status":404}""")]
    public async Task An_endpoint_that_is_not_there_is_named_with_the_remedy_and_without_its_query(string endpoint, string body)
    {
        Server.Next(404, body);
        AccessTokenSource source = SourceOf(Build(change: options => options.Endpoints.Login = new Uri(endpoint, UriKind.Relative)));

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());

        Assert.Equal($"POST {Server.Address}auth/login answered 404: does the API call MapTokenEndpoints(\"/auth\")? Else set Endpoints.", refused.Message);
        Assert.True(refused.IsTransient);
    }

    [Theory]
    [InlineData("invalid_client", "Key, Secret and Login")]
    [InlineData("invalid_scope", "Scopes")]
    [InlineData("unsupported_grant_type", "Login and Endpoints")]
    [InlineData("unauthorized_client", "the options")]
    public async Task A_refusal_for_good_names_what_to_check_and_the_clients_that_still_share_it(string error, string settings)
    {
        ServiceProvider services = Build(orders =>
        {
            orders.Services.AddHttpClient("billing", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret);
            orders.Services.AddHttpClient("gone", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret);
        });
        _ = (SourceOf(services).Plan, SourceOf(services, "billing").Plan, SourceOf(services, "gone").Plan);
        SourceOf(services, "gone").Dispose();
        Server.Next(401, $$"""{"error":"{{error}}"}""");

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => SourceOf(services).GetAsync(Cancelled).AsTask());

        Assert.Equal($"The token endpoint refuses this client: {error}. Check {settings} of clients \"billing\", \"orders\"; nothing is tried again until they change or RevokeAsync is called.", refused.Message);
        Assert.Equal((false, error), (refused.IsTransient, refused.Error));
    }

    [Theory]
    [InlineData("environment_mismatch", "invalid_client, environment_mismatch. The code says what is wrong, and it is not the Key or the Secret of client \"orders\"; nothing is tried again until the options change")]
    [InlineData("missing_component", "invalid_client, missing_component. The code says what is wrong, and it is not the Key or the Secret of client \"orders\"; nothing is tried again until the options change")]
    [InlineData("invalid_credential", "invalid_client, invalid_credential. Check Key and Secret of client \"orders\"; nothing is tried again until they change")]
    [InlineData("Somebody's words", "invalid_client. Check Key, Secret and Login of client \"orders\"; nothing is tried again until they change")]
    public async Task A_refusal_for_good_repeats_the_code_and_sends_nobody_to_a_Secret_that_is_right(string code, string problem)
    {
        Server.Next(401, $$"""{"error":"invalid_client","code":"{{code}}"}""");

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => SourceOf(Build()).GetAsync(Cancelled).AsTask());

        Assert.Equal($"The token endpoint refuses this client: {problem} or RevokeAsync is called.", refused.Message);
        Assert.Equal((false, "invalid_client"), (refused.IsTransient, refused.Error));
    }

    [Theory]
    [Trait("Scenario", "7")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_token_is_usable_a_failing_refresh_is_tried_again_in_the_background_and_nobody_notices(bool hangs)
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        await Log.UntilAsync(Acquired);
        Time.Advance(Due);
        if (hangs)
        {
            await TimeOutAsync(() => source.GetAsync(Cancelled).AsTask());
        }
        else
        {
            Server.Next(500);
            await source.GetAsync(Cancelled);
        }

        await Log.UntilAsync(NotAcquired);
        int calls = Server.TokenCalls;
        AccessToken[] tokens = await TogetherAsync(Callers, () => source.GetAsync(Cancelled).AsTask());
        Assert.All(tokens, token => Assert.Equal("access-1", token.Value));
        Assert.Equal(calls, Server.TokenCalls);

        Time.Advance(FirstBackoff);
        Assert.Equal("access-1", (await source.GetAsync(Cancelled)).Value);
        await Log.UntilAsync(Acquired);
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal(calls + 1, Server.TokenCalls);
    }

    [Fact]
    [Trait("Scenario", "8")]
    public async Task When_the_token_has_ended_all_waiters_share_one_transient_error_and_later_ones_fail_fast_until_one_probe()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        TaskCompletionSource gate = Server.HoldNext(static context => TokenServer.WriteAsync(context, 500));

        Task<AccessToken>[] waiters = [.. Enumerable.Range(0, Callers).Select(_ => source.GetAsync(Cancelled).AsTask())];
        gate.SetResult();
        foreach (Task<AccessToken> waiter in waiters)
        {
            Assert.True((await Assert.ThrowsAsync<AccessTokenException>(() => waiter)).IsTransient);
        }

        AccessTokenException fast = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        Assert.InRange(fast.RetryAfter!.Value, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1.2));
        Assert.Equal((1, 1), (Server.Refreshes, Server.Logins));

        // Two probes: the first fails too, and doubles the wait.
        Time.Advance(FirstBackoff);
        Server.Next(503);
        await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        Time.Advance(FirstBackoff);
        await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        Assert.Equal(2, Server.Refreshes);
        Time.Advance(FirstBackoff);
        AccessToken[] tokens = await TogetherAsync(Callers, () => source.GetAsync(Cancelled).AsTask());

        Assert.All(tokens, token => Assert.Equal("access-2", token.Value));
        Assert.Equal((3, 1), (Server.Refreshes, Server.Logins));
    }

    [Theory]
    [Trait("Scenario", "9")]
    [InlineData(429, false)]
    [InlineData(503, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public async Task Nothing_is_called_before_the_instant_that_Retry_After_names(int status, bool asDate)
    {
        AccessTokenSource source = SourceOf(Build());
        DateTimeOffset theirs = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
        string after = asDate ? $"Date: {theirs:R}\r\nRetry-After: {theirs.AddSeconds(120):R}" : "Retry-After: 120";
        Server.Next(status, """{"error":"temporarily_unavailable"}""", after);

        AccessTokenException first = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        Assert.True(first.IsTransient);
        Assert.Equal(TimeSpan.FromSeconds(120), first.RetryAfter);

        // Setting the clock does not bring the instant nearer.
        Time.SetClock(Time.GetUtcNow().AddHours(1));
        Time.Advance(TimeSpan.FromSeconds(119));
        Assert.All(await TogetherAsync(Callers, () => Record.ExceptionAsync(() => source.GetAsync(Cancelled).AsTask()).AsTask()), refused => Assert.IsType<AccessTokenException>(refused));
        Assert.Equal(1, Server.TokenCalls);

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("access-1", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    [Trait("Scenario", "10")]
    public async Task A_dead_refresh_token_falls_back_to_one_login_in_the_same_flight()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        Server.Next(400, """{"error":"invalid_grant"}""");

        AccessToken[] tokens = await TogetherAsync(Callers, () => source.GetAsync(Cancelled).AsTask());

        Assert.All(tokens, token => Assert.Equal("access-2", token.Value));
        Assert.Equal((2, 1), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    [Trait("Scenario", "10")]
    public async Task A_login_that_is_refused_as_a_grant_is_not_repeated_before_its_back_off()
    {
        AccessTokenSource source = SourceOf(Build());
        Server.Next(400, """{"error":"invalid_grant","error_description":"the sharing key sharing-1 is revoked"}""");

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());

        Assert.Equal("invalid_grant", refused.Error);
        Assert.DoesNotContain("sharing-1", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Server.TokenCalls);
    }

    [Theory]
    [Trait("Scenario", "11")]
    [InlineData(401, "invalid_client")]
    [InlineData(400, "unauthorized_client")]
    [InlineData(400, "invalid_scope")]
    public async Task A_refused_client_is_not_tried_again_until_its_options_change(int status, string error)
    {
        var configuration = new LiveConfiguration($$"""{ "Key": "old_key", "Secret": "{{Secret}}" }""");
        ServiceProvider services = Build(orders => orders.AddAccessToken(configuration.Root));
        AccessTokenSource source = SourceOf(services);
        Server.Next(status, $$"""{"error":"{{error}}"}""");

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        Time.Advance(TimeSpan.FromDays(2));
        await Assert.ThrowsAsync<AccessTokenException>(() => ClientOf(services).GetAsync(Server.Address, Cancelled));

        Assert.Equal((false, null, error), (refused.IsTransient, refused.RetryAfter, refused.Error));
        Assert.Equal((1, 0), (Server.TokenCalls, Server.ApiCalls));

        configuration.Replace($$"""{ "Key": "new_key", "Secret": "{{Secret}}" }""");
        Assert.Equal(200, await StatusOfAsync(ClientOf(services)));
        Assert.Contains("keyid=\"new_key\"", Server.TokenRequests[^1]["signature-input"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "13")]
    public async Task A_token_endpoint_that_hangs_ends_the_flight_after_its_own_time()
    {
        AccessTokenSource source = SourceOf(Build());

        AccessTokenException late = await Assert.ThrowsAsync<AccessTokenException>(() => TimeOutAsync(() => source.GetAsync(Cancelled).AsTask()));

        Assert.True(late.IsTransient);
        Assert.Equal(3, Server.Logins);
        Time.Advance(FirstBackoff);
        Assert.Equal("access-1", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    [Trait("Scenario", "14")]
    public async Task An_answer_that_was_lost_after_the_server_rotated_is_asked_for_again_with_the_same_refresh_token()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        var successor = new TaskCompletionSource<string>();
        Server.Next(async context =>
        {
            successor.SetResult(Server.Grant());
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        });
        Server.Next(async context => await TokenServer.WriteAsync(context, 200, await successor.Task));

        Task<AccessToken> waiting = source.GetAsync(Cancelled).AsTask();
        await successor.Task;
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("access-2", (await waiting).Value);
        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Assert.All(Server.TokenRequests[1..], request => Assert.Contains("refresh-1", request.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Before_the_first_sending_a_failed_acquisition_throws_and_nothing_is_sent()
    {
        ServiceProvider services = Build();
        Server.Next(500);

        AccessTokenException failed = await Assert.ThrowsAsync<AccessTokenException>(() => ClientOf(services).GetAsync(Server.Address, Cancelled));

        Assert.True(failed.IsTransient);
        Assert.Equal(0, Server.ApiCalls);
    }

    [Fact]
    public async Task After_a_401_a_failed_refresh_returns_that_401()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        Server.Accepted = "another";
        Server.Next(500);

        using HttpResponseMessage response = await client.GetAsync(Server.Address, Cancelled);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
        Assert.Equal(2, Server.ApiCalls);
    }

    // Three attempts hang for 10 s each.
    private async Task<AccessToken> TimeOutAsync(Func<Task<AccessToken>> call)
    {
        while (Server.Arrived.Wait(0, Cancelled))
        {
        }

        for (int i = 0; i < 3; i++)
        {
            Server.HangNext();
        }

        Task<AccessToken> waiting = call();
        for (int i = 0; i < 3; i++)
        {
            await Server.Arrived.WaitAsync(Cancelled);
            Time.Advance(TimeSpan.FromSeconds(10));
        }

        return await waiting;
    }
}
