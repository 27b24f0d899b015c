using System.Net;
using System.Net.Http.Json;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>Our client and our server, over Kestrel: they agree, and talk each other out of misunderstandings.</summary>
public sealed class ClientAgainstTheApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Scheme, 1)]
    [InlineData(Door.Scheme, 2)]
    [InlineData(Door.Middleware, 1)]
    [InlineData(Door.Middleware, 2)]
    public async Task Requests_of_every_shape_are_accepted(Door door, int httpVersion)
    {
        await using ApiHost api = await ApiHost.StartAsync(door);
        using HttpClient client = Client(api, api.Clock, httpVersion);
        HttpRequestMessage[] requests =
        [
            new(HttpMethod.Get, "/a/%2F/b?x=%20&y="),
            new(HttpMethod.Get, "/?"),
            new(HttpMethod.Post, "/") { Content = JsonContent.Create(new { Name = "Größe" }) },
            new(HttpMethod.Put, "/") { Content = new StreamContent(new OneWayStream(new byte[70_000])) },
            new(HttpMethod.Post, "/") { Content = new ByteArrayContent([]) },
            new(HttpMethod.Delete, "/a"),
            new(HttpMethod.Post, "/none"),
            new(new HttpMethod("patch"), "/") { Content = new FormUrlEncodedContent([new("a", "b c")]) },
        ];
        requests[0].Headers.Add("Cookie", ["a=b", "c=d"]);
        requests[1].Headers.Host = $"LOCALHOST:{(httpVersion == 2 ? api.Http2Port : api.Port)}";

        foreach (HttpRequestMessage request in requests)
        {
            request.Version = client.DefaultRequestVersion;
            request.VersionPolicy = client.DefaultVersionPolicy;
            using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(httpVersion, response.Version.Major);
            Assert.Equal(ApiHost.Key, Assert.Single(response.Headers.GetValues("X-User")));
        }

        Assert.Equal(requests.Length, api.Calls);
    }

    [Fact]
    public async Task Every_attempt_of_a_retry_is_a_request_of_its_own_and_no_replay()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        using HttpClient client = Client(api, api.Clock, outer: new RepeatingHandler(3));

        using HttpResponseMessage response = await client.PostAsJsonAsync("/", new { Name = "tea" }, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, api.Calls);
    }

    [Theory]
    [InlineData("GET", 200, 2)]
    [InlineData("DELETE", 200, 2)]
    [InlineData("POST", 401, 1)]
    public async Task Where_the_first_answer_is_lost_only_an_idempotent_request_is_executed_once_more(string method, int status, int executions)
    {
        await using ApiHost api = await ApiHost.StartAsync();
        var proxy = new ProxyThatLosesTheFirstAnswer { InnerHandler = new SocketsHttpHandler() };
        var options = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret };
        using var client = new HttpClient(new MessageSigningHandler(options, proxy, api.Clock)) { BaseAddress = new Uri($"http://localhost:{api.Port}") };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/orders/7");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal((status, executions), ((int)response.StatusCode, api.Calls));
    }

    [Theory]
    [InlineData(-1200)]
    [InlineData(1200)]
    public async Task A_wrong_clock_costs_one_refusal_and_no_failure(int seconds)
    {
        await using ApiHost api = await ApiHost.StartAsync();
        var wrong = new ManualTimeProvider(api.Clock.GetUtcNow().AddSeconds(seconds));
        using HttpClient client = Client(api, wrong);

        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_server_that_requires_more_gets_it()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Policy = new VerificationPolicy { RequiredComponents = ["@method", "@path", "@scheme", "x-tenant"] },
        });
        using HttpClient client = Client(api, api.Clock);
        client.DefaultRequestHeaders.Add("X-Tenant", "7");

        using HttpResponseMessage response = await client.PostAsJsonAsync("/", new { Name = "tea" }, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    public async Task A_server_that_has_just_started_is_waited_for_once_whatever_the_clock_of_the_client_says(int behind)
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings { PastTheFloor = false });
        var clock = new ManualTimeProvider(api.Clock.GetUtcNow().AddSeconds(-behind));
        using HttpClient client = Client(api, clock);
        using var waits = new SemaphoreSlim(0);
        clock.TimerStarted = () => waits.Release();

        Task<HttpResponseMessage> sending = client.PostAsJsonAsync("/", new { Name = "tea" }, Cancelled);
        await waits.WaitAsync(Cancelled);
        api.Clock.Advance(TimeSpan.FromSeconds(6));
        clock.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, api.Calls);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_once_and_not_repeated()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        int sendings = 0;
        using var client = new HttpClient(new MessageSigningHandler(
            new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret + "!" },
            new RelayHandler(_ => sendings++) { InnerHandler = new SocketsHttpHandler() },
            api.Clock));

        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://{api.Authority}/"), Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, sendings);
    }

    private static HttpClient Client(ApiHost api, TimeProvider time, int httpVersion = 1, DelegatingHandler? outer = null)
    {
        HttpMessageHandler handler = new MessageSigningHandler(new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret }, timeProvider: time);
        if (outer is not null)
        {
            outer.InnerHandler = handler;
            handler = outer;
        }

        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://{(httpVersion == 2 ? api.Http2Authority : api.Authority)}"),
            DefaultRequestVersion = httpVersion == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private sealed class ProxyThatLosesTheFirstAnswer : DelegatingHandler
    {
        private bool _hasLost;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!_hasLost)
            {
                _hasLost = true;
                (await base.SendAsync(request, cancellationToken)).Dispose();
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
