using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

/// <summary>A client that has answers proved, and refusals, which nothing proves: it learns from them, and has nothing executed twice.</summary>
public sealed class UnprovedRefusalTests
{
    private int _executed;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("QUERY", false)]
    public async Task Who_has_a_request_executed_and_forges_a_refusal_gets_a_second_one_only_of_an_idempotent_method(string method, bool isIdempotent)
    {
        await using ApiHost api = await SigningHost.StartAsync(ExecuteAsync);
        api.Clock.Advance(TimeSpan.FromHours(1));
        using HttpClient client = Client(api, new TamperingHandler((_, response) => Task.FromResult(_executed == 1 ? Refusal(api, response) : response)));

        Exception? refused = await Record.ExceptionAsync(() => SendAsync(client, method));

        if (isIdempotent)
        {
            Assert.Null(refused);
            Assert.Equal(2, _executed);
        }
        else
        {
            var unproved = Assert.IsType<MessageSigningException>(refused);
            Assert.Equal((SignatureStatus.MissingSignature, HttpStatusCode.Unauthorized), (unproved.Status, unproved.AnswerStatus));
            Assert.Equal(1, _executed);
        }
    }

    [Fact]
    public async Task What_a_refusal_teaches_is_for_the_next_request_where_this_one_is_not_sent_again()
    {
        await using ApiHost api = await SigningHost.StartAsync(ExecuteAsync);
        api.Clock.Advance(TimeSpan.FromHours(1));
        using HttpClient client = Client(api, clock: new ManualTimeProvider(api.Clock.GetUtcNow().AddMinutes(-20)));

        var refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(client, "POST"));
        await SendAsync(client, "POST");

        Assert.Contains("too_old, which nothing proves", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _executed);
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    public async Task A_token_that_is_refused_is_replaced_and_what_is_idempotent_sent_again(string method, bool isSynchronous)
    {
        await using TokenApi api = await StartAsync();
        await using ServiceProvider services = Services(api);
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await SendAsync(client, method, isSynchronous);

        await RevokeAllAsync(api);
        Exception? refused = await Record.ExceptionAsync(() => SendAsync(client, method, isSynchronous));
        await SendAsync(client, method, isSynchronous);

        Assert.Equal(method == "POST" ? HttpStatusCode.Unauthorized : null, (refused as MessageSigningException)?.AnswerStatus);
        Assert.Equal(method == "POST", refused is not null);
        Assert.Equal(method == "POST" ? 2 : 3, _executed);
    }

    [Fact]
    public async Task A_request_that_a_handler_below_made_a_GET_of_is_still_what_the_caller_sent()
    {
        await using TokenApi api = await StartAsync();
        await using ServiceProvider services = Services(api, new TamperingHandler((request, response) =>
        {
            request.Method = HttpMethod.Get;
            return Task.FromResult(_executed == 1 ? Refusal(api.Host, response, "Bearer error=\"invalid_token\"") : response);
        }));
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(client, "POST"));

        Assert.Equal(1, _executed);
    }

    [Theory]
    [InlineData(true, 401)]
    [InlineData(false, 403)]
    public async Task Only_an_unsigned_401_is_taken_for_a_refusal_of_the_token(bool hasSignature, int status)
    {
        await using TokenApi api = await StartAsync();
        await using ServiceProvider services = Services(api, new TamperingHandler((_, response) =>
        {
            HttpResponseMessage refusal = Refusal(api.Host, response, "Bearer error=\"invalid_token\"");
            refusal.StatusCode = (HttpStatusCode)status;
            foreach (string name in hasSignature ? (string[])["Signature-Input", "Signature"] : [])
            {
                refusal.Headers.TryAddWithoutValidation(name, response.Headers.NonValidated[name].ToString());
            }

            return Task.FromResult(refusal);
        }));
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(client, "GET"));

        Assert.Equal(1, _executed);
    }

    [Fact]
    public async Task Without_a_new_token_the_caller_is_told_of_the_refusal()
    {
        await using TokenApi api = await StartAsync();
        await using ServiceProvider services = Services(api);
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await SendAsync(client, "GET");

        await RevokeAllAsync(api);
        api.Host.Credentials.Remove(ApiHost.Key);
        var refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(client, "GET"));

        Assert.Equal((SignatureStatus.MissingSignature, HttpStatusCode.Unauthorized), (refused.Status, refused.AnswerStatus));
    }

    private static HttpResponseMessage Refusal(ApiHost api, HttpResponseMessage response, string challenge = "Signature error=\"created_in_future\"")
    {
        var refusal = new HttpResponseMessage(HttpStatusCode.Unauthorized) { RequestMessage = response.RequestMessage };
        response.Dispose();
        refusal.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        refusal.Headers.Date = api.Clock.GetUtcNow().AddMinutes(-1);
        return refusal;
    }

    private static async Task SendAsync(HttpClient client, string method, bool isSynchronous = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/signed");
        using HttpResponseMessage response = isSynchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task RevokeAllAsync(TokenApi api) => Assert.Equal(1, await api.Host.App.Services.GetRequiredService<IGrantStore>()
        .RevokeAllAsync(GrantOwner.Client, ApiHost.Key, RevocationReason.Operator, Cancelled));

    private static HttpClient Client(ApiHost api, TamperingHandler? tampering = null, TimeProvider? clock = null)
    {
        HttpMessageHandler inner = new SocketsHttpHandler { UseProxy = false };
        if (tampering is not null)
        {
            tampering.InnerHandler = inner;
            inner = tampering;
        }

        var options = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret };
        options.Responses.Required = true;
        return new HttpClient(new MessageSigningHandler(options, inner, clock ?? api.Clock)) { BaseAddress = new Uri($"http://{api.Authority}/") };
    }

    private Task<TokenApi> StartAsync() => TokenApi.StartAsync(new TokenApiSettings
    {
        Build = builder => builder.Services.AddResponseSignature(options => options.Sign = SignedResponses.All),
        Before = app => app.UseResponseSignature(),
        Map = app => app.Map("/signed", ExecuteAsync).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Signature,AccessToken" }),
    });

    private Task ExecuteAsync(HttpContext context)
    {
        Interlocked.Increment(ref _executed);
        return SigningHost.JsonAsync(context);
    }

    private static ServiceProvider Services(TokenApi api, TamperingHandler? tampering = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(api.Host.Clock);
        IHttpClientBuilder orders = services.AddHttpClient("orders", client => client.BaseAddress = new Uri($"http://{api.Host.Authority}"))
            .AddAccessToken(options => (options.Key, options.Secret) = (ApiHost.Key, ApiHost.Secret))
            .AddMessageSigning(options =>
            {
                (options.Key, options.Secret) = (ApiHost.Key, ApiHost.Secret);
                options.Responses.Required = true;
            });
        if (tampering is not null)
        {
            tampering.InnerHandler = new SocketsHttpHandler { UseProxy = false };
            orders.ConfigurePrimaryHttpMessageHandler(() => tampering);
        }

        return services.BuildServiceProvider();
    }
}
