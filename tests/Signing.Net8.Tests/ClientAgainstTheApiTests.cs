using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.Client;
using Signing.Tests.Client.Tokens;
using Signing.Tests.Responses;
using Signing.Tests.Support;

namespace Signing.Net8.Tests;

/// <summary>The client on .NET 8, registered as its README says, against an API on .NET 10.</summary>
public sealed class ClientAgainstTheApiTests(ApiProcess api) : IClassFixture<ApiProcess>, IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());
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

    [Fact]
    public async Task The_API_is_run_by_NET_10()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = api.Address };

        Assert.StartsWith(".NET 10.", await client.GetStringAsync("/runtime", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_GET_is_accepted_as_its_Key()
    {
        HttpClient client = SigningClient();

        Assert.Equal(ApiProcess.Key, await client.GetStringAsync("/orders?id=7&x=%2F", Cancelled));
    }

    [Fact]
    public async Task An_unsigned_GET_is_refused()
    {
        HttpClient client = SigningClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Options.Set(SigningOverrides.Skip, true);

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal((HttpStatusCode.Unauthorized, "missing_signature"), await RefusalAsync(response));
    }

    [Theory]
    [InlineData("/orders", false)]
    [InlineData("/orders", true)]
    [InlineData("/signed", false)]
    [InlineData("/signed", true)]
    public async Task A_signed_POST_arrives_with_its_content_and_its_answer_may_be_signed(string path, bool oneWay)
    {
        string text = new('t', 70_000);
        HttpClient client = path == "/signed" ? Client(orders => orders.AddMessageSigning(Cautious)) : SigningClient();
        using HttpContent content = oneWay ? new StreamContent(new OneWayStream(Encoding.ASCII.GetBytes(text))) : new StringContent(text);

        using HttpResponseMessage response = await client.PostAsync(path, content, Cancelled);

        Assert.Equal($"{ApiProcess.Key}: {text}", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(path == "/signed", response.Headers.Contains("Signature"));
    }

    [Fact]
    public async Task An_answer_that_had_to_be_signed_and_is_not_is_handed_to_nobody()
    {
        HttpClient client = Client(orders => orders.AddMessageSigning(Cautious));

        MessageSigningException exception = await Assert.ThrowsAsync<MessageSigningException>(() => client.GetStringAsync("/orders", Cancelled));

        Assert.Equal("missing_signature", exception.Code);
    }

    [Fact]
    public async Task A_signed_answer_whose_content_was_changed_on_its_way_is_handed_to_nobody()
    {
        HttpClient client = Client(orders => orders.AddMessageSigning(Cautious).ConfigurePrimaryHttpMessageHandler(() => new TamperingHandler(ChangeAsync) { InnerHandler = new SocketsHttpHandler() }));

        MessageSigningException exception = await Assert.ThrowsAsync<MessageSigningException>(() => client.PostAsync("/signed", new StringContent("tea"), Cancelled));

        Assert.Equal("digest_mismatch", exception.Code);

        static Task<HttpResponseMessage> ChangeAsync(HttpRequestMessage request, HttpResponseMessage response)
        {
            var changed = new StringContent($"{ApiProcess.Key}: tee");
            changed.Headers.Clear();
            foreach ((string name, HeaderStringValues values) in response.Content.Headers.NonValidated)
            {
                changed.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = changed;
            return Task.FromResult(response);
        }
    }

    [Theory]
    [InlineData(ApiProcess.Key, ApiProcess.Secret + "!")]
    [InlineData("net8_key_of_nobody", ApiProcess.Secret)]
    public async Task A_wrong_Secret_and_a_wrong_Key_are_refused_with_their_wire_code(string key, string secret)
    {
        HttpClient client = Client(orders => orders.AddMessageSigning(key, secret));

        using HttpResponseMessage response = await client.PostAsync("/orders", new StringContent("tea"), Cancelled);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credential"), await RefusalAsync(response));
        Assert.Contains("error=\"invalid_credential\"", Assert.Single(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Signature").Parameter, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1200)]
    [InlineData(1200)]
    public async Task A_wrong_clock_is_set_right_by_the_refusal(int seconds)
    {
        var wrong = new ManualTimeProvider(_time.GetUtcNow().AddSeconds(seconds));
        HttpClient client = Client(orders => orders.AddMessageSigning(ApiProcess.Key, ApiProcess.Secret), wrong);

        Assert.Equal(ApiProcess.Key, await client.GetStringAsync("/orders", Cancelled));
    }

    [Fact]
    public async Task A_presigned_URL_is_accepted_and_with_another_query_it_is_not()
    {
        using var key = new SigningKey(ApiProcess.Key, ApiProcess.Secret);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        string url = new UrlSigner(key).Presign(new Uri(api.Address, "/orders?page=2"), TimeSpan.FromMinutes(5));

        Assert.Equal(ApiProcess.Key, await client.GetStringAsync(url, Cancelled));
        using HttpResponseMessage changed = await client.GetAsync(url.Replace("page=2", "page=3", StringComparison.Ordinal), Cancelled);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credential"), await RefusalAsync(changed));
    }

    [Theory]
    [InlineData(LoginMethod.Signature, false)]
    [InlineData(LoginMethod.Signature, true)]
    [InlineData(LoginMethod.ClientSecretJson, false)]
    public async Task A_login_gives_an_access_token_and_a_refresh_the_next_one(LoginMethod method, bool signs)
    {
        HttpClient client = Client(orders =>
        {
            orders.AddAccessToken(options =>
            {
                options.Key = ApiProcess.Key;
                options.Secret = ApiProcess.Secret;
                options.Login = method;
            });
            if (signs)
            {
                orders.AddMessageSigning(ApiProcess.Key, ApiProcess.Secret);
            }
        });

        string path = signs ? "/signed-token" : "/token";
        Assert.Equal(ApiProcess.Key, await client.GetStringAsync(path, Cancelled));
        Assert.Equal(ApiProcess.Key, await client.GetStringAsync(path, Cancelled));
        Assert.Equal(["Login"], Acquired());

        // Of a token of 900 s: unusable from 840 s.
        _time.Advance(TimeSpan.FromSeconds(841));
        Assert.Equal(ApiProcess.Key, await client.GetStringAsync(path, Cancelled));
        Assert.Equal(["Login", "Refresh"], Acquired());
    }

    [Fact]
    public async Task A_login_with_a_wrong_Secret_is_refused_with_its_wire_code()
    {
        HttpClient client = Client(orders => orders.AddAccessToken(ApiProcess.Key, ApiProcess.Secret + "!"));

        Exception? refused = await Record.ExceptionAsync(() => client.GetStringAsync("/token", Cancelled));

        Assert.Contains("invalid_client", refused?.ToString(), StringComparison.Ordinal);
        Assert.Empty(Acquired());
    }

    private static async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return (response.StatusCode, problem.RootElement.GetProperty("code").GetString());
    }

    private static void Cautious(MessageSigningOptions options)
    {
        options.Key = ApiProcess.Key;
        options.Secret = ApiProcess.Secret;
        options.Responses.Required = true;
    }

    private HttpClient SigningClient() => Client(orders => orders.AddMessageSigning(ApiProcess.Key, ApiProcess.Secret));

    private HttpClient Client(Action<IHttpClientBuilder> add, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? _time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        add(services.AddHttpClient("orders", client => client.BaseAddress = api.Address));
        _services.Add(services.BuildServiceProvider());
        return _services[^1].GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    // How each token was got, in order.
    private string[] Acquired() =>
        [.. _log.Lines.Where(line => line.Text.Contains("has a new access token by", StringComparison.Ordinal)).Select(line => line.Text.Contains("by Login", StringComparison.Ordinal) ? "Login" : "Refresh")];
}
