using System.Net.WebSockets;
using System.Reflection;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>Presigned URLs over Kestrel, at both doors: where they are let in, and what a request by one is.</summary>
public sealed class PresignedDoorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_URL_reaches_the_endpoint_as_its_key_as_often_as_one_likes(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        string url = host.Url().Signed;

        for (int i = 0; i < 3; i++)
        {
            RawAnswer answer = await host.FollowAsync(url);
            Assert.Equal((200, ApiHost.Key, "report"), (answer.Status, answer.User, answer.Text));
        }

        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme, 1)]
    [InlineData(Door.Scheme, 2)]
    [InlineData(Door.Middleware, 1)]
    [InlineData(Door.Middleware, 2)]
    public async Task A_URL_opens_a_socket_where_no_header_field_can_be_sent(Door door, int httpVersion)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door, map: app =>
        {
            app.UseWebSockets();
            PresignedHost.Guard(app.Map("/live", OpenAsync).AllowPresigned(), door);
            PresignedHost.Guard(app.Map("/other", OpenAsync), door);
        });
        using var key = new SigningKey(ApiHost.Key, ApiHost.Secret);
        var signer = new UrlSigner(key, host.Clock);
        string authority = httpVersion == 1 ? host.Authority : host.Http2Authority;
        string url = signer.Presign(new Uri($"ws://{authority}/live?a=1"), TimeSpan.FromSeconds(30));

        Assert.Equal(ApiHost.Key, await TalkAsync(url, httpVersion));
        await Assert.ThrowsAsync<WebSocketException>(() => TalkAsync(url.Replace("a=1", "a=2", StringComparison.Ordinal), httpVersion));
        await Assert.ThrowsAsync<WebSocketException>(() => TalkAsync(signer.Presign(new Uri($"ws://{authority}/other"), TimeSpan.FromSeconds(30)), httpVersion));
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<WebSocketException>(() => TalkAsync(url, httpVersion));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_URL_of_the_signer_works_for_a_plain_client_over_HTTP_1_and_HTTP_2_by_GET_and_HEAD(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        using var key = new SigningKey(ApiHost.Key, ApiHost.Secret);
        var signer = new UrlSigner(key, host.Clock);
        using var client = new HttpClient();

        foreach ((string authority, Version version) in ((string, Version)[])[(host.Authority, new Version(1, 1)), (host.Http2Authority, new Version(2, 0))])
        {
            string url = signer.Presign(new Uri($"http://{authority}/reports/a%2Fb/\u00e4.pdf?q=O'Brien&r=%2f+#page=2"), TimeSpan.FromHours(1));
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var request = new HttpRequestMessage(method, url) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                using HttpResponseMessage answer = await client.SendAsync(request, Stop);
                Assert.Equal((200, version, ApiHost.Key), ((int)answer.StatusCode, answer.Version, Assert.Single(answer.Headers.GetValues("X-User"))));
            }
        }
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Where_URLs_are_not_switched_on_they_are_no_signature(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);

        RawAnswer answer = await host.FollowAsync(host.Url("/orders?id=7").Signed);

        Assert.Equal((401, "missing_signature", 0), (answer.Status, answer.Code, host.Calls));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_parameter_is_the_callers_own_where_URLs_are_not_switched_on(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);

        Assert.Equal(200, (await host.SendAsync(host.Draft("GET", "/orders?signature=mine"))).Status);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task They_are_switched_on_for_groups_controllers_actions_and_delegates(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = AddController,
            Map = app =>
            {
                RouteGroupBuilder group = PresignedHost.Guard(app.MapGroup("/group"), door).AllowPresigned();
                group.MapGet("/a", PresignedHost.AnswerAsync);
                group.MapGroup("/inner").MapGet("/b", PresignedHost.AnswerAsync);
                PresignedHost.Guard(app.MapGet("/delegate", [AllowPresigned] (HttpContext context) => PresignedHost.AnswerAsync(context)), door);
                PresignedHost.Guard(app.MapControllers(), door);
            },
        });

        foreach (string target in (string[])["/group/a", "/group/inner/b", "/delegate", "/linked/on"])
        {
            RawAnswer answer = await host.FollowAsync(host.Url(target).Signed);
            Assert.Equal((target, 200, ApiHost.Key), (target, answer.Status, answer.User));
        }

        Assert.Equal("missing_signature", (await host.FollowAsync(host.Url("/linked/off").Signed)).Code);
    }

    [Fact]
    public async Task All_controllers_are_switched_on_at_once()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = AddController,
            Map = app => app.MapControllers().AllowPresigned(),
        });

        Assert.Equal(200, (await host.FollowAsync(host.Url("/linked/off").Signed)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_routing_has_not_run_they_are_off(bool routed)
    {
        var clock = new ManualTimeProvider();
        WebApplicationBuilder builder = ApiHost.CreateBuilder("Development");
        builder.Services.AddSingleton<TimeProvider>(clock);
        var credentials = new CredentialBook();
        credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))));
        builder.Services.AddSingleton<ICredentialSource>(credentials);
        builder.Services.AddAuthentication(SignatureDefaults.AuthenticationScheme).AddMessageSignature();
        builder.Services.AddAuthorization();
        await using WebApplication app = builder.Build();
        _ = routed ? app.UseRouting() : app;
        app.UseAuthentication();
        app.UseRouting();
        app.UseAuthorization();
        app.MapGet("/a", PresignedHost.AnswerAsync).RequireAuthorization().AllowPresigned();
        await app.StartAsync(Stop);
        var address = new Uri(app.Urls.First());
        using var client = new HttpClient();
        PresignedDraft draft = new PresignedDraft("/a", clock.GetUtcNow()) with { Authority = address.Authority };

        Assert.Equal(routed ? 200 : 401, (int)(await client.GetAsync(new Uri(address, draft.Signed), Stop)).StatusCode);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_endpoint_open_to_anybody_knows_who_comes_by_a_URL(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door, map: app => app.MapGet("/open/link", [AllowAnonymous, AllowPresigned] (HttpContext context) => PresignedHost.AnswerAsync(context)));
        PresignedDraft url = host.Url("/open/link");

        Assert.Equal((200, ApiHost.Key), await SeenAsync(host, url.Signed));
        Assert.Equal((200, "nobody"), await SeenAsync(host, (url with { Secret = "another secret, long enough" }).Signed));
        Assert.Equal((200, "nobody"), await SeenAsync(host, "/open/link"));
    }

    [Fact]
    public async Task The_host_is_told_of_a_request_by_URL_as_of_a_signed_one()
    {
        int validated = 0;
        await using ApiHost host = await PresignedHost.StartAsync(signature: options => options.Events.OnValidated = context =>
        {
            validated += context.Credential.Key == ApiHost.Key ? 1 : 0;
            return Task.CompletedTask;
        });

        Assert.Equal(200, (await host.FollowAsync(host.Url().Signed)).Status);
        Assert.Equal(1, validated);
    }

    [Fact]
    public async Task A_source_that_has_to_be_waited_for_is_waited_for()
    {
        await using ApiHost host = await PresignedHost.StartAsync();
        host.Credentials.Cached = false;

        Assert.Equal(200, (await host.FollowAsync(host.Url().Signed)).Status);
        Assert.Equal([ApiHost.Key], host.Credentials.Asked);
    }

    private static void AddController(WebApplicationBuilder builder) =>
        builder.Services.AddControllers().ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OneController()));

    private static async Task<(int Status, string? User)> SeenAsync(ApiHost host, string target)
    {
        RawAnswer answer = await host.FollowAsync(target);
        return (answer.Status, answer.User);
    }

    private static async Task OpenAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync(Encoding.UTF8.GetBytes(context.User.FindFirstValue(SignatureClaimNames.KeyId) ?? "nobody"), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    }

    // As a browser does: with nothing but the URL.
    private static async Task<string> TalkAsync(string url, int httpVersion)
    {
        using var socket = new ClientWebSocket();
        using var plain = new HttpMessageInvoker(new SocketsHttpHandler());
        socket.Options.HttpVersion = new Version(httpVersion, httpVersion == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri(url), plain, Stop);
        byte[] text = new byte[256];
        WebSocketReceiveResult received = await socket.ReceiveAsync(text, Stop);
        return Encoding.UTF8.GetString(text, 0, received.Count);
    }

    private sealed class OneController : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature) => feature.Controllers.Add(typeof(LinkedController).GetTypeInfo());
    }
}
