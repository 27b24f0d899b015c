using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;
using AccessTokenOptions = Signing.Client.AccessTokenOptions;

namespace Signing.Tests.Client.Tokens;

/// <summary>Options that change while requests wait or are under way: token, header and signature are always of the same ones.</summary>
public sealed class ReloadTests : TokenTestBase
{
    private const string OtherKey = "acme_key_2";
    private const string OtherSecret = "acme_secret_fedcba9876543210";

    private readonly LiveConfiguration _configuration = new(Settings(KeyId, Secret));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_that_wait_for_a_token_while_the_Key_changes_go_with_token_and_signature_of_the_new_one(bool refreshes)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Clock = Time });
        api.Host.Credentials.Set(new Credential(OtherKey, new CredentialSecret(new SigningKey(OtherKey, OtherSecret))));
        _configuration.Replace(Settings(ApiHost.Key, ApiHost.Secret));
        using var asked = new SemaphoreSlim(0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] gates = refreshes ? [Task.CompletedTask, gate.Task] : [gate.Task];
        int calls = 0;
        ServiceProvider services = Build(orders =>
        {
            Both(orders, new Uri($"http://{api.Host.Authority}"));
            orders.Services.AddHttpClient(AccessTokenOptions.BackchannelName).AddHttpMessageHandler(() => new GateHandler(() =>
            {
                int call = calls++;
                asked.Release();
                return call < gates.Length ? gates[call] : Task.CompletedTask;
            }));
        });
        HttpClient client = ClientOf(services, "both");
        if (refreshes)
        {
            Assert.Equal(200, await StatusOfAsync(client, "/both"));
            await asked.WaitAsync(Cancelled);
            Time.Advance(Unusable);
        }

        Task<int>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => StatusOfAsync(client, "/both"))];
        await asked.WaitAsync(Cancelled);
        _configuration.Replace(Settings(OtherKey, OtherSecret));
        gate.SetResult();

        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(200, status));
        Assert.DoesNotContain(api.Host.Log.Lines, line => line.Text.Contains("ambiguous_credentials", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_for_a_client_that_is_refused_goes_on_with_the_options_that_come_meanwhile()
    {
        HttpClient client = ClientOf(Build(orders => Both(orders, Server.Address)), "both");
        TaskCompletionSource gate = Server.HoldNext(static context => TokenServer.WriteAsync(context, 401, """{"error":"invalid_client"}"""));

        Task<int> waiting = StatusOfAsync(client);
        await Server.Arrived.WaitAsync(Cancelled);
        _configuration.Replace(Settings(OtherKey, OtherSecret));
        gate.SetResult();

        Assert.Equal(200, await waiting);
        Assert.Contains($"keyid=\"{OtherKey}\"", Server.ApiRequests.Single()["signature-input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_under_the_old_Key_is_sent_again_under_the_new_one()
    {
        HttpClient client = ClientOf(Build(orders => Both(orders, Server.Address)), "both");
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Api = async context =>
        {
            sent.TrySetResult();
            await gate.Task.WaitAsync(context.RequestAborted);
            return false;
        };

        Task<int> underWay = StatusOfAsync(client);
        await sent.Task.WaitAsync(Cancelled);
        _configuration.Replace(Settings(OtherKey, OtherSecret));
        Server.Accepted = "another";
        gate.SetResult();

        Assert.Equal(200, await underWay);
        Assert.Equal([KeyId, OtherKey], Server.TokenRequests.Select(KeyOf));
        Assert.Equal([KeyId, OtherKey], Server.ApiRequests.Select(KeyOf));
        Assert.Equal((2, 0), (Server.Logins, Server.Refreshes));
    }

    [Theory]
    [InlineData("tokens first")]
    [InlineData("signing first")]
    [InlineData("tokens alone")]
    [InlineData("all clients")]
    [InlineData("an ApiToken")]
    public async Task A_header_of_the_token_that_is_renamed_is_covered_under_its_new_name(string how)
    {
        _configuration.Replace(Header("auth"));
        HttpClient client = ClientOf(Build(orders => Add(orders, how)), "both");
        Server.Api = Accept;
        await StatusOfAsync(client);
        _configuration.Replace(Header("x-auth"));
        await StatusOfAsync(client);

        Assert.All(Server.ApiRequests.Zip(["auth", "x-auth"]), pair =>
        {
            Assert.Single(pair.First.Lines(pair.Second));
            Assert.Contains(pair.Second, pair.First.Covered(), StringComparer.Ordinal);
        });
    }

    [Fact]
    public async Task Token_options_that_become_invalid_leave_the_header_of_the_token_covered()
    {
        _configuration.Replace(Header("auth"));
        HttpClient client = ClientOf(Build(orders => Both(orders, Server.Address)), "both");
        Server.Api = Accept;
        await StatusOfAsync(client);

        // The second time the signing options are read when those of the token are invalid already.
        for (int i = 0; i < 2; i++)
        {
            Assert.ThrowsAny<Exception>(() => _configuration.Replace($"{Header("auth")[..^1]}, \"Login\": \"magic\" }}"));
            await StatusOfAsync(client);
        }

        Assert.Single(Server.ApiRequests[^1].Lines("auth"));
        Assert.Contains("auth", Server.ApiRequests[^1].Covered(), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("signing")]
    [InlineData("address")]
    public async Task Options_that_cannot_be_read_again_leave_the_last_ones_in_force(string what)
    {
        string failing = "";
        void Read(string name)
        {
            if (name == failing)
            {
                throw new InvalidOperationException("The vault is down.");
            }
        }

        HttpClient client = ClientOf(Build(orders =>
        {
            Both(orders, Server.Address).ConfigureHttpClient(_ => Read("address"));
            orders.Services.AddOptions<AccessTokenOptions>("both").Configure(_ => Read("tokens"));
            orders.Services.AddOptions<MessageSigningOptions>("both").Configure(_ => Read("signing"));
        }), "both");
        Assert.Equal(200, await StatusOfAsync(client));

        failing = what;
        Record.Exception(() => _configuration.Replace(Settings(KeyId, Secret)));
        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal(200, await StatusOfAsync(client));
        failing = "";
        _configuration.Replace(Settings(OtherKey, OtherSecret));

        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal([KeyId, KeyId, KeyId, OtherKey], Server.ApiRequests.Select(KeyOf));
        Assert.Single(Log.Lines, line => line.Text.StartsWith("The reloaded", StringComparison.Ordinal));
    }

    private static string Settings(string key, string secret) => $$"""{ "Key": "{{key}}", "Secret": "{{secret}}" }""";

    private static string Header(string name) => $$"""{ "Key": "{{KeyId}}", "Secret": "{{Secret}}", "Token": "static-1", "Header": { "Name": "{{name}}" } }""";

    private static string KeyOf(RawRequest request) => request["signature-input"].Split("keyid=\"")[1].Split('"')[0];

    private static async Task<bool> Accept(HttpContext context)
    {
        await TokenServer.WriteAsync(context, 200);
        return true;
    }

    private IHttpClientBuilder Both(IHttpClientBuilder orders, Uri address) =>
        orders.Services.AddHttpClient("both", client => client.BaseAddress = address).AddAccessToken(_configuration.Root).AddMessageSigning(_configuration.Root);

    private void Add(IHttpClientBuilder orders, string how)
    {
        IHttpClientBuilder both = orders.Services.AddHttpClient("both", client => client.BaseAddress = Server.Address);
        _ = how switch
        {
            "tokens first" => both.AddAccessToken(_configuration.Root).AddMessageSigning(_configuration.Root),
            "signing first" => both.AddMessageSigning(_configuration.Root).AddAccessToken(_configuration.Root),
            "tokens alone" => both.AddMessageSigning(KeyId, Secret).AddAccessToken(_configuration.Root),
            "an ApiToken" => both.AddMessageSigning(KeyId, Secret).AddApiToken(_configuration.Root),
            _ => AddToAll(orders.Services),
        };
    }

    private IHttpClientBuilder AddToAll(IServiceCollection services)
    {
        services.ConfigureHttpClientDefaults(all => all.AddAccessToken(_configuration.Root).AddMessageSigning(_configuration.Root).AddAccessToken(options =>
        {
            (options.Endpoints.Login, options.Endpoints.Refresh, options.Endpoints.Revoke) = (new Uri(Server.Address, "/auth/login"), new Uri(Server.Address, "/auth/refresh"), null);
        }));
        return services.AddHttpClient("both");
    }

    private sealed class GateHandler(Func<Task> before) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await before();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
