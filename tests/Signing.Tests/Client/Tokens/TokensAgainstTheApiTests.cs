using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>The client against our own server, each as its users configure it.</summary>
public sealed class TokensAgainstTheApiTests : IAsyncDisposable
{
    private const int Callers = 1000;
    private const string SharingKey = "the sharing key, long enough";

    private static readonly TimeSpan Unusable = TimeSpan.FromSeconds(841);

    private readonly ManualTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly List<ServiceProvider> _services = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider services in _services)
        {
            await services.DisposeAsync();
        }

        _log.Dispose();
    }

    [Theory]
    [InlineData(LoginMethod.Signature, false)]
    [InlineData(LoginMethod.ClientSecretJson, false)]
    [InlineData(LoginMethod.ClientSecretBasic, false)]
    [InlineData(LoginMethod.ClientSecretPost, false)]
    [InlineData(LoginMethod.ClientSecretBasic, true)]
    public async Task Each_way_to_log_in_is_understood_and_so_is_its_refresh(LoginMethod method, bool formHasRefreshTokens)
    {
        await using TokenApi api = await StartAsync(new TokenApiSettings { Clock = _time, Endpoints = options => options.RefreshTokenWithClientCredentials = formHasRefreshTokens });
        HttpClient client = ClientOf(api, options => options.Login = method);

        Assert.Equal("key_id=key-one credential_id=key-one", await client.GetStringAsync(new Uri("/token", UriKind.Relative), Cancelled));
        _time.Advance(Unusable);
        Assert.Equal(200, await StatusOfAsync(client));

        bool hasRefreshToken = formHasRefreshTokens || method is LoginMethod.Signature or LoginMethod.ClientSecretJson;
        Assert.Equal(hasRefreshToken ? (1, 1) : (2, 0), Acquired());
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("auth")]
    public async Task A_signature_that_covers_the_token_goes_with_it(string header)
    {
        await using TokenApi api = await StartAsync(new TokenApiSettings { Clock = _time, Access = options => options.Header = header });
        HttpClient client = ClientOf(api, options => options.Header.Name = header, signs: true);

        Assert.Equal(200, await StatusOfAsync(client, "/both"));

        // Refused with a signature that is right and a token that is not: the token is what is replaced.
        await RevokeAllAsync(api);
        Assert.Equal(200, await StatusOfAsync(client, "/both"));
        Assert.Equal((2, 0), Acquired());
    }

    [Fact]
    [Trait("Scenario", "10")]
    [Trait("Scenario", "2")]
    public async Task When_the_operator_revokes_a_grant_a_thousand_callers_log_in_once_and_none_notices()
    {
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(api);
        await StatusOfAsync(client);

        await RevokeAllAsync(api);
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => StatusOfAsync(client), Cancelled)));

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal((2, 0), Acquired());
    }

    [Fact]
    public async Task What_its_owner_revokes_is_refused_at_once()
    {
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(api);
        AccessTokenSource source = Source();
        AccessToken token = await source.GetAsync(Cancelled);
        Assert.Equal(200, (await api.GetAsync(token.Value)).Status);

        await source.RevokeAsync(Cancelled);

        Assert.Equal(401, (await api.GetAsync(token.Value)).Status);
        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal((2, 0), Acquired());
    }

    [Theory]
    [Trait("Scenario", "14")]
    [InlineData(0)]
    [InlineData(110)]
    public async Task A_refresh_whose_answer_is_lost_converges_on_the_same_successor(int secondsBetween)
    {
        await using TokenApi api = await StartAsync();
        var losing = new LosingHandler();
        HttpClient client = ClientOf(api, backchannel: losing);
        await StatusOfAsync(client);
        _time.Advance(Unusable);

        losing.AnswersToLose = secondsBetween == 0 ? 1 : 3;
        await Record.ExceptionAsync(() => StatusOfAsync(client));
        _time.Advance(TimeSpan.FromSeconds(secondsBetween));

        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal((1, 1), Acquired());
        string[] successors = [.. losing.Lost];
        Assert.Single(successors.Append((await Source().GetAsync(Cancelled)).Value).Distinct(StringComparer.Ordinal));

        // The grant lives on.
        _time.Advance(Unusable);
        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal((1, 2), Acquired());
    }

    [Fact]
    [Trait("Scenario", "14")]
    public async Task A_refresh_whose_answer_is_lost_goes_on_although_its_access_token_has_ended_meanwhile()
    {
        await using TokenApi api = await StartAsync(new TokenApiSettings { Clock = _time, Tokens = options => options.AccessLifetime = TimeSpan.FromSeconds(60) });
        var losing = new LosingHandler();
        HttpClient client = ClientOf(api, backchannel: losing);
        await StatusOfAsync(client);
        _time.Advance(TimeSpan.FromSeconds(60));
        losing.AnswersToLose = 3;
        await Record.ExceptionAsync(() => StatusOfAsync(client));
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal((1, 2), Acquired());
    }

    [Fact]
    [Trait("Scenario", "17")]
    public async Task Two_processes_with_one_refresh_token_end_with_the_same_successor()
    {
        await using TokenApi api = await StartAsync();
        var store = new SharedTokenStore();
        ClientOf(api, store: store);
        AccessTokenSource first = Source();
        await first.GetAsync(Cancelled);
        ClientOf(api, store: store);
        AccessTokenSource second = Source();
        await second.GetAsync(Cancelled);
        _time.Advance(Unusable);

        AccessToken[] tokens = await Task.WhenAll(first.GetAsync(Cancelled).AsTask(), second.GetAsync(Cancelled).AsTask());

        Assert.Equal(tokens[0].Value, tokens[1].Value);
        Assert.Equal(1, Acquired().Logins);
        Assert.Equal(200, (await api.GetAsync(tokens[0].Value)).Status);
    }

    [Fact]
    public async Task A_sharing_key_gives_a_token_for_the_workspace_of_whoever_shares()
    {
        await using TokenApi api = await StartAsync(new TokenApiSettings { Clock = _time, Configuration = Sharing() });
        HttpClient own = ClientOf(api);
        HttpClient shared = ClientOf(api, options => options.SharingKey = SharingKey);

        Assert.Contains("workspace_id=beta", await own.GetStringAsync(new Uri("/token", UriKind.Relative), Cancelled), StringComparison.Ordinal);
        string claims = await shared.GetStringAsync(new Uri("/token", UriKind.Relative), Cancelled);
        Assert.Contains("workspace_id=acme", claims, StringComparison.Ordinal);
        _time.Advance(Unusable);
        Assert.Equal(claims, await shared.GetStringAsync(new Uri("/token", UriKind.Relative), Cancelled));
        Assert.Equal((2, 1), Acquired());
    }

    [Fact]
    public async Task A_client_that_was_suspended_comes_back_by_itself_when_it_is_resumed()
    {
        LiveConfiguration configuration = Sharing();
        await using TokenApi api = await StartAsync(new TokenApiSettings { Clock = _time, Configuration = configuration });
        HttpClient client = ClientOf(api);
        Assert.Equal(200, await StatusOfAsync(client));

        configuration.Replace(Json("suspended"));
        Assert.Equal(401, await StatusOfAsync(client));
        Assert.Equal(401, await StatusOfAsync(client));
        _time.Advance(Unusable);
        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => StatusOfAsync(client));
        Assert.True(refused.IsTransient);

        configuration.Replace(Json("active"));
        _time.Advance(Backoff.Longest);
        Assert.Equal(200, await StatusOfAsync(client));
    }

    private static LiveConfiguration Sharing() => new(Json("active"));

    private static string Json(string status) => $$"""
        { "Signing": {
          "Credentials": [ { "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Workspace": "beta", "Scopes": "orders.read", "Status": "{{status}}" } ],
          "SharingKeys": [ { "Key": "{{SharingKey}}", "Id": "shr_1", "Workspace": "acme", "GranteeWorkspace": "beta", "Scopes": [ "orders.read" ] } ] } }
        """;

    private static async Task<int> StatusOfAsync(HttpClient client, string target = "/token")
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(target, UriKind.Relative), Cancelled);
        return (int)response.StatusCode;
    }

    private static async Task RevokeAllAsync(TokenApi api) => Assert.Equal(1, await api.Host.App.Services.GetRequiredService<IGrantStore>()
        .RevokeAllAsync(GrantOwner.Client, ApiHost.Key, RevocationReason.Operator, Cancelled));

    private Task<TokenApi> StartAsync(TokenApiSettings? settings = null) => TokenApi.StartAsync(settings ?? new TokenApiSettings { Clock = _time });

    private AccessTokenSource Source() => _services[^1].GetRequiredKeyedService<AccessTokenSource>("orders");

    // How often by which way, as the log says.
    private (int Logins, int Refreshes) Acquired() =>
        (_log.Lines.Count(line => line.Text.Contains("access token by Login", StringComparison.Ordinal)), _log.Lines.Count(line => line.Text.Contains("access token by Refresh", StringComparison.Ordinal)));

    private HttpClient ClientOf(TokenApi api, Action<Signing.Client.AccessTokenOptions>? change = null, bool signs = false, HttpMessageHandler? backchannel = null, AccessTokenStore? store = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        if (store is not null)
        {
            services.AddSingleton(store);
        }

        IHttpClientBuilder orders = services.AddHttpClient("orders", client => client.BaseAddress = new Uri($"http://{api.Host.Authority}")).AddAccessToken(options =>
        {
            (options.Key, options.Secret) = (ApiHost.Key, ApiHost.Secret);
            change?.Invoke(options);
        });
        if (signs)
        {
            orders.AddMessageSigning(ApiHost.Key, ApiHost.Secret);
        }

        if (backchannel is not null)
        {
            services.AddHttpClient(Signing.Client.AccessTokenOptions.BackchannelName).ConfigurePrimaryHttpMessageHandler(() => backchannel);
        }

        _services.Add(services.BuildServiceProvider());
        return _services[^1].GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    // Lets the server act and the answer vanish, as a connection does that breaks between the two.
    private sealed class LosingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int AnswersToLose { get; set; }

        public List<string> Lost { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (AnswersToLose == 0)
            {
                return response;
            }

            AnswersToLose--;
            using (response)
            {
                using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
                Lost.Add(json.RootElement.GetProperty("access_token").GetString()!);
            }

            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer is lost.");
        }
    }
}
