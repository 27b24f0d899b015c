using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>Tokens among other handlers: retries, signing, defaults for all clients, and calls without a task.</summary>
public sealed class CompositionTests : TokenTestBase
{
    [Theory]
    [Trait("Scenario", "23")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_attempt_of_an_outer_retry_is_signed_and_tokened_afresh_and_nothing_stays_on_the_message(bool retryAddedFirst)
    {
        using var key = new SigningKey(KeyId, Secret);
        void Retry(IHttpClientBuilder orders) => orders.AddHttpMessageHandler(() => new RepeatingHandler(3));
        ServiceProvider services = retryAddedFirst
            ? Build(orders =>
            {
                Retry(orders.Services.AddHttpClient("late", client => client.BaseAddress = Server.Address));
                orders.Services.AddHttpClient("late").AddMessageSigning(KeyId, Secret).AddAccessToken(KeyId, Secret);
            })
            : Build(orders => Retry(orders.AddMessageSigning(KeyId, Secret)));
        Server.Api = async context =>
        {
            await TokenServer.WriteAsync(context, 200);
            Time.Advance(Unusable);
            return true;
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");

        using HttpResponseMessage response = await ClientOf(services, retryAddedFirst ? "late" : "orders").SendAsync(request, Cancelled);

        Assert.Equal(["Bearer access-1", "Bearer access-2", "Bearer access-3"], Server.ApiRequests.Select(sent => sent["authorization"]));
        Assert.Equal(3, Server.ApiRequests.Select(sent => sent["signature"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Server.ApiRequests, sent => Assert.Contains("authorization", sent.Covered(), StringComparer.Ordinal));
        Assert.Null(request.Headers.Authorization);
        Assert.Null(response.RequestMessage!.Headers.Authorization);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_signature_covers_the_header_of_the_token_wherever_the_calls_stand(int order)
    {
        Server.Header = order < 2 ? ("Authorization", "Bearer ") : ("auth", "");
        using var key = new SigningKey(KeyId, Secret);
        ServiceProvider services = Build(orders =>
        {
            IHttpClientBuilder both = orders.Services.AddHttpClient("both", client => client.BaseAddress = Server.Address);
            Action[] calls =
            [
                () => both.AddMessageSigning(KeyId, Secret),
                () => both.AddAccessToken(options => (options.Key, options.Secret, options.Header.Name) = (KeyId, Secret, Server.Header.Name)),
            ];
            calls[order % 2]();
            calls[(order + 1) % 2]();
        });

        Assert.Equal(200, await StatusOfAsync(ClientOf(services, "both")));

        RawRequest sent = Server.ApiRequests.Single();
        Assert.Equal(SignatureStatus.Verified, sent.Verify(key, Time));
        Assert.Contains(Server.Header.Name, sent.Covered(), StringComparer.OrdinalIgnoreCase);
        Assert.Single(sent.Lines("signature"));
    }

    [Fact]
    [Trait("Scenario", "24")]
    public async Task Defaults_for_all_clients_do_not_reach_the_client_that_fetches_the_tokens()
    {
        using var key = new SigningKey(KeyId, Secret);
        ServiceProvider services = Build(orders =>
        {
            orders.Services.ConfigureHttpClientDefaults(all => all.AddAccessToken(WholeAddresses).AddMessageSigning(KeyId, Secret).AddApiToken(options =>
            {
                options.Token = "static";
                options.Header.Name = "X-API-Key";
                options.Header.Origins = [Server.Address.GetLeftPart(UriPartial.Authority)];
            }));
            orders.Services.AddHttpClient("billing", client => client.BaseAddress = Server.Address);
        });

        Assert.Equal(200, await StatusOfAsync(ClientOf(services)));
        Assert.Equal(200, await StatusOfAsync(ClientOf(services, "billing")));

        RawRequest login = Assert.Single(Server.TokenRequests);
        Assert.Empty(login.Lines("authorization"));
        Assert.Empty(login.Lines("x-api-key"));
        Assert.Equal(SignatureStatus.Verified, login.Verify(key, Time));
        Assert.DoesNotContain(", ", login["signature"], StringComparison.Ordinal);
        Assert.All(Server.ApiRequests, sent => Assert.Equal("static", sent["x-api-key"]));
    }

    [Fact]
    [Trait("Scenario", "25")]
    public async Task Synchronous_calls_log_in_refresh_and_are_replayed()
    {
        HttpClient client = ClientOf(Build());
        int Send()
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/orders") { Content = new StringContent("tea") };
            using HttpResponseMessage response = client.Send(request, Cancelled);
            return (int)response.StatusCode;
        }

        Assert.Equal(200, Send());
        Server.Accepted = "another";
        Assert.Equal(200, Send());
        Time.Advance(Unusable);
        int[] together = await TogetherAsync(10, () => Task.FromResult(Send()));

        Assert.All(together, status => Assert.Equal(200, status));
        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Assert.All(Server.ApiRequests, sent => Assert.Equal("tea", sent.Text));
    }

    [Fact]
    [Trait("Scenario", "25")]
    public async Task A_synchronous_call_leaves_the_queue_when_it_is_cancelled_and_throws_what_the_flight_ended_with()
    {
        HttpClient client = ClientOf(Build());
        TaskCompletionSource gate = Server.HoldNext(static context => TokenServer.WriteAsync(context, 500));
        using var leaving = new CancellationTokenSource();
        Task<Exception?> left = Task.Run(() => Record.Exception(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "/"), leaving.Token)), Cancelled);
        Task<Exception?> stayed = Task.Run(() => Record.Exception(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "/"), Cancelled)), Cancelled);

        await Server.Arrived.WaitAsync(Cancelled);
        await leaving.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(await left);
        gate.SetResult();

        Assert.IsType<AccessTokenException>(await stayed);
        Assert.Equal((1, 0), (Server.TokenCalls, Server.ApiCalls));
    }

    [Fact]
    public async Task Without_dependency_injection_a_source_and_a_handler_do_the_same()
    {
        var options = new AccessTokenOptions();
        WholeAddresses(options);
        await using var source = new AccessTokenSource(options, timeProvider: Time);
        using var client = new HttpClient(new AccessTokenHandler(source));

        using HttpResponseMessage response = await client.GetAsync(Server.Address, Cancelled);
        Server.Accepted = "another";
        using HttpResponseMessage second = await client.GetAsync(Server.Address, Cancelled);

        Assert.Equal((200, 200), ((int)response.StatusCode, (int)second.StatusCode));
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    public async Task What_is_set_for_all_clients_goes_to_no_server_that_one_of_them_happens_to_talk_to()
    {
        await using TokenServer stranger = await TokenServer.StartAsync();
        ServiceProvider services = Build(orders =>
        {
            orders.Services.ConfigureHttpClientDefaults(all => all.AddAccessToken(WholeAddresses).AddApiToken(options =>
            {
                options.Token = "static";
                options.Header.Name = "X-API-Key";
                options.Header.Origins = [Server.Address.GetLeftPart(UriPartial.Authority)];
            }));
            orders.Services.AddHttpClient("weather", client => client.BaseAddress = stranger.Address);
        });

        await StatusOfAsync(ClientOf(services, "weather"));
        using HttpResponseMessage ours = await ClientOf(services, "weather").GetAsync(Server.Address, Cancelled);

        RawRequest sent = Assert.Single(stranger.ApiRequests);
        Assert.Empty(sent.Lines("authorization"));
        Assert.Empty(sent.Lines("x-api-key"));
        Assert.Equal(0, stranger.TokenCalls);
        Assert.Equal(200, (int)ours.StatusCode);
    }

    [Fact]
    public async Task What_is_set_for_all_clients_without_an_address_is_refused_and_nothing_is_sent()
    {
        ServiceProvider services = Build(orders =>
        {
            orders.Services.ConfigureHttpClientDefaults(all => all.AddApiToken("static"));
            orders.Services.AddHttpClient("weather", client => client.BaseAddress = Server.Address);
        });

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StatusOfAsync(ClientOf(services, "weather")));

        Assert.Contains("set for all clients", refused.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (Server.ApiCalls, Server.TokenCalls));
    }

    private void WholeAddresses(AccessTokenOptions options)
    {
        (options.Key, options.Secret) = (KeyId, Secret);
        options.Endpoints = new AccessTokenEndpoints { Login = new Uri(Server.Address, "/auth/login"), Refresh = new Uri(Server.Address, "/auth/refresh"), Revoke = null };
    }
}
