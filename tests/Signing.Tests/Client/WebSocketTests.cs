using System.Net;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>RFC 6455 §4.1 and RFC 8441 §4: what opens a WebSocket is a request, and is signed as one.</summary>
public sealed class WebSocketTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Scheme, 1, "GET")]
    [InlineData(Door.Middleware, 1, "GET")]
    [InlineData(Door.Scheme, 2, "CONNECT")]
    [InlineData(Door.Middleware, 2, "CONNECT")]
    public async Task A_socket_is_opened_for_whoever_signs_and_for_nobody_else(Door door, int httpVersion, string method)
    {
        await using ApiHost api = await StartAsync(door);
        using HttpMessageInvoker signer = Signer(api.Clock);
        using HttpMessageInvoker plain = new(new SocketsHttpHandler());

        (HttpStatusCode _, string? text) = await OpenAsync(api, httpVersion, signer);
        (HttpStatusCode refused, string? nothing) = await OpenAsync(api, httpVersion, plain);

        Assert.Equal($"{ApiHost.Key} by {method}", text);
        Assert.Equal((HttpStatusCode.Unauthorized, null), (refused, nothing));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Its_scheme_is_that_of_the_request_on_the_wire(int httpVersion)
    {
        await using ApiHost api = await StartAsync(Door.Middleware);
        using HttpMessageInvoker signer = Signer(api.Clock, "@scheme", "@target-uri");

        (HttpStatusCode _, string? text) = await OpenAsync(api, httpVersion, signer);

        Assert.StartsWith(ApiHost.Key, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_clock_is_learnt_from_the_refusal_and_is_right_for_requests_too()
    {
        await using ApiHost api = await StartAsync(Door.Middleware);
        using HttpMessageInvoker signer = Signer(new ManualTimeProvider(api.Clock.GetUtcNow().AddMinutes(20)));

        (HttpStatusCode _, string? text) = await OpenAsync(api, httpVersion: 1, signer);
        int calls = api.Log.Lines.Count(line => line.Text.Contains("created_in_future", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{api.Authority}/");
        using HttpResponseMessage response = await signer.SendAsync(request, Cancelled);

        Assert.StartsWith(ApiHost.Key, text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(calls, api.Log.Lines.Count(line => line.Text.Contains("created_in_future", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("http", "Bearer a-token-of-the-shop")]
    [InlineData("https", null)]
    [InlineData("wss", null)]
    public async Task A_token_goes_to_the_sockets_of_its_origin_and_not_in_the_open_where_that_is_https(string scheme, string? expected)
    {
        string? sent = null;
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Before = app => app.Use((context, next) =>
            {
                sent = context.Request.Headers.Authorization;
                return next(context);
            }),
        });
        var services = new ServiceCollection();
        services.AddHttpClient("live", client => client.BaseAddress = new Uri($"{scheme}://{api.Authority}")).AddApiToken("a-token-of-the-shop");
        await using ServiceProvider provider = services.BuildServiceProvider();
        using var invoker = new HttpMessageInvoker(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("live"));

        await OpenAsync(api, httpVersion: 1, invoker);

        Assert.Equal(expected, sent);
    }

    [Fact]
    public async Task A_socket_without_TLS_is_opened_on_this_machine_only()
    {
        using HttpMessageInvoker signer = Signer(TimeProvider.System);
        using var socket = new ClientWebSocket();

        Exception? refused = await Record.ExceptionAsync(() => socket.ConnectAsync(new Uri("ws://api.example.com/socket"), signer, Cancelled));

        Assert.Equal(
            "Signed requests go over https, and ws://api.example.com does not. Use wss, or set MessageSigningOptions.AllowPlainHttp if nobody else can read that network.",
            Assert.IsType<MessageSigningException>(refused?.InnerException).Message);
    }

    private static async Task<(HttpStatusCode Status, string? Text)> OpenAsync(ApiHost api, int httpVersion, HttpMessageInvoker invoker)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.HttpVersion = new Version(httpVersion, httpVersion == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{(httpVersion == 1 ? api.Authority : api.Http2Authority)}/socket?a=%20b"), invoker, Cancelled);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != 0)
        {
            return (socket.HttpStatusCode, null);
        }

        Assert.DoesNotContain("Set-Cookie", socket.HttpResponseHeaders!.Keys, StringComparer.OrdinalIgnoreCase);
        byte[] text = new byte[256];
        WebSocketReceiveResult received = await socket.ReceiveAsync(text, Cancelled);
        return (socket.HttpStatusCode, Encoding.UTF8.GetString(text, 0, received.Count));
    }

    private static HttpMessageInvoker Signer(TimeProvider time, params string[] more)
    {
        var options = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret };
        options.Policy = new SigningPolicy { Components = [.. options.Policy.Components, .. more], CoverIfPresent = options.Policy.CoverIfPresent };
        return new HttpMessageInvoker(new MessageSigningHandler(options, new SocketsHttpHandler(), time));
    }

    private static Task<ApiHost> StartAsync(Door door) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        After = app => app.UseWebSockets(),
        Map = app =>
        {
            IEndpointConventionBuilder socket = app.Map("/socket", AnswerAsync);
            if (door == Door.Scheme)
            {
                socket.RequireAuthorization();
            }
        },
    });

    private static async Task AnswerAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] text = Encoding.UTF8.GetBytes($"{context.User.FindFirstValue(SignatureClaimNames.KeyId)} by {context.Request.Method}");
        await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    }
}
