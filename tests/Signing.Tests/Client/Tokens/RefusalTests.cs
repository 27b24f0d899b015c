using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>Which refusals are a reason to refresh, and which are not.</summary>
public sealed class RefusalTests : TokenTestBase
{
    private const int Callers = 100;

    [Fact]
    public async Task A_refused_token_of_another_client_says_nothing_of_this_ones()
    {
        AccessTokenSource ours = SourceOf(Build());
        AccessTokenSource theirs = SourceOf(Build(change: static options => options.Key = "acme_key_2"));
        AccessToken foreign = await theirs.GetAsync(Cancelled);
        AccessToken own = await ours.GetAsync(Cancelled);

        Assert.Same(own, await ours.GetAsync(foreign, Cancelled));
        Assert.Equal((2, 0), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    [Trait("Scenario", "4")]
    public async Task A_second_401_is_returned_without_a_third_sending_and_refreshes_stop_for_a_shared_back_off()
    {
        HttpClient client = ClientOf(Build());
        Server.Api = Answer(401);

        int first = await StatusOfAsync(client);
        int[] meanwhile = await TogetherAsync(Callers, () => StatusOfAsync(client));
        int callsBefore = Server.ApiCalls;

        Assert.Equal((401, 1, 1), (first, Server.Logins, Server.Refreshes));
        Assert.All(meanwhile, status => Assert.Equal(401, status));
        Assert.Equal(2 + Callers, callsBefore);

        Time.Advance(TimeSpan.FromSeconds(2));
        await StatusOfAsync(client);
        await StatusOfAsync(client);
        Assert.Equal(2, Server.Refreshes);

        // It has doubled.
        Time.Advance(TimeSpan.FromSeconds(1.5));
        await StatusOfAsync(client);
        Assert.Equal(2, Server.Refreshes);
        Time.Advance(TimeSpan.FromSeconds(1));
        await StatusOfAsync(client);
        Assert.Equal(3, Server.Refreshes);
    }

    [Fact]
    [Trait("Scenario", "4")]
    public async Task A_token_that_has_lived_is_refreshed_at_once_when_it_is_refused()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        Server.Accepted = "another";
        await StatusOfAsync(client);
        Time.Advance(TimeSpan.FromMinutes(2));
        Server.Accepted = "another";

        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal(2, Server.Refreshes);
    }

    [Theory]
    [Trait("Scenario", "5")]
    [InlineData(403, "")]
    [InlineData(403, "WWW-Authenticate: Bearer error=\"insufficient_scope\"")]
    [InlineData(401, "WWW-Authenticate: Bearer realm=\"a, error=b\", error=\"insufficient_scope\", scope=\"orders\"")]
    [InlineData(401, "WWW-Authenticate: Signature error=\"digest_mismatch\"")]
    [InlineData(400, "")]
    public async Task What_a_new_token_would_not_mend_is_no_reason_to_refresh(int status, string headers)
    {
        HttpClient client = ClientOf(Build());
        Server.Api = Answer(status, headers);

        Assert.Equal(status, await StatusOfAsync(client));
        Assert.Equal((1, 1), (Server.TokenCalls, Server.ApiCalls));
    }

    [Theory]
    [InlineData("")]
    [InlineData("WWW-Authenticate: Bearer")]
    [InlineData("WWW-Authenticate: Bearer error=\"invalid_token\", code=\"revoked\"")]
    [InlineData("WWW-Authenticate: Signature error=\"missing_signature\"\r\nWWW-Authenticate: Bearer error=\"invalid_token\"")]
    [InlineData("WWW-Authenticate: Basic realm=\"x\"")]
    public async Task Any_other_401_is_a_reason_to_refresh_once(string headers)
    {
        HttpClient client = ClientOf(Build());
        Server.Api = Answer(401, headers);

        Assert.Equal(401, await StatusOfAsync(client));
        Assert.Equal((1, 1, 2), (Server.Logins, Server.Refreshes, Server.ApiCalls));
    }

    [Fact]
    [Trait("Scenario", "5")]
    public async Task A_header_of_the_callers_own_wins_and_its_401_costs_no_refresh()
    {
        HttpClient client = ClientOf(Build());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "mine");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("Bearer mine", Server.ApiRequests.Single()["authorization"]);
        Assert.Equal(0, Server.TokenCalls);
        Assert.Equal("mine", request.Headers.Authorization?.Parameter);
    }

    [Theory]
    [Trait("Scenario", "6")]
    [InlineData("Authorization")]
    [InlineData("auth")]
    public async Task A_redirect_to_another_origin_is_not_followed_with_a_token(string header)
    {
        await using TokenServer other = await TokenServer.StartAsync();
        HttpClient client = ClientOf(Build(
            orders => orders.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler { AllowAutoRedirect = true }),
            options => options.Header.Name = header));
        Server.Api = Answer(302, $"Location: {other.Address}elsewhere");

        Assert.Equal(302, await StatusOfAsync(client));
        Assert.Equal((0, 1), (other.ApiCalls, Server.TokenCalls));
        Assert.Single(Server.ApiRequests.Single().Lines(header));
    }

    [Fact]
    [Trait("Scenario", "6")]
    public async Task A_connection_that_is_exchanged_later_does_not_follow_either()
    {
        await using TokenServer other = await TokenServer.StartAsync();
        Server.Api = Answer(302, $"Location: {other.Address}elsewhere");
        using var client = new HttpClient(new AccessTokenHandler(SourceOf(Build())) { InnerHandler = new SocketsHttpHandler() });

        using HttpResponseMessage response = await client.GetAsync(Server.Address, Cancelled);

        Assert.Equal((302, 0), ((int)response.StatusCode, other.ApiCalls));
    }

    [Fact]
    [Trait("Scenario", "6")]
    public async Task A_connection_that_follows_redirects_and_is_in_use_is_refused()
    {
        using var used = new SocketsHttpHandler();
        using var plain = new HttpMessageInvoker(used);
        (await plain.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled)).Dispose();
        AccessTokenSource source = SourceOf(Build());

        Assert.Throws<InvalidOperationException>(() => new AccessTokenHandler(source, used));
        Assert.Throws<InvalidOperationException>(() => new ApiTokenHandler(new ApiTokenOptions { Token = "static", Header = { Origins = { "https://api.example" } } }, used));
    }

    [Fact]
    [Trait("Scenario", "6")]
    public async Task A_401_of_another_origin_that_was_followed_to_costs_no_refresh_and_no_replay()
    {
        await using TokenServer other = await TokenServer.StartAsync();
        HttpClient client = ClientOf(Build(orders => orders.ConfigurePrimaryHttpMessageHandler(() => new FollowingHandler { InnerHandler = new SocketsHttpHandler() })));
        Server.Api = Answer(302, $"Location: {other.Address}elsewhere");

        Assert.Equal(401, await StatusOfAsync(client));
        Assert.Empty(other.ApiRequests.Single().Lines("authorization"));
        Assert.Equal((1, 0, 1), (Server.Logins, Server.Refreshes, Server.ApiCalls));
    }

    [Fact]
    public async Task Only_configured_origins_get_the_token()
    {
        await using TokenServer other = await TokenServer.StartAsync();
        await using TokenServer named = await TokenServer.StartAsync();
        HttpClient client = ClientOf(Build(change: options => options.Header.Origins = [named.Address.GetLeftPart(UriPartial.Authority)]));

        foreach (Uri address in (Uri[])[other.Address, named.Address, Server.Address])
        {
            using HttpResponseMessage response = await client.GetAsync(address, Cancelled);
        }

        Assert.Empty(other.ApiRequests.Single().Lines("authorization"));
        Assert.Empty(Server.ApiRequests.Single().Lines("authorization"));
        Assert.All(named.ApiRequests, request => Assert.Single(request.Lines("authorization")));
    }

    [Fact]
    public async Task A_request_may_go_without_a_token()
    {
        HttpClient client = ClientOf(Build());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Options.Set(TokenOverrides.Skip, true);

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Empty(Server.ApiRequests.Single().Lines("authorization"));
        Assert.Equal(0, Server.TokenCalls);
    }

    private static Func<HttpContext, Task<bool>> Answer(int status, string headers = "") => async context =>
    {
        await TokenServer.WriteAsync(context, status, headers: headers);
        return true;
    };

    // Follows redirects as the framework's own handlers do: on the same message, without its Authorization.
    private sealed class FollowingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            request.RequestUri = location;
            request.Headers.Authorization = null;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
