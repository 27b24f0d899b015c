using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>A real Kestrel on two free loopback ports, HTTP/1.1 and HTTP/2, behind one of the doors, with a clock the test moves.</summary>
/// <remarks>
/// Every path answers with the content it was sent, the caller's key id in <c>X-User</c>, and counts in <see cref="Calls"/>.
/// <c>/open</c> takes anonymous callers; <c>/pipe</c>, <c>/form</c> and <c>/json</c> read the content in other ways.
/// </remarks>
public sealed partial class ApiHost : IAsyncDisposable
{
    private int _calls;

    private ApiHost(ApiHostSettings settings) => Settings = settings;

    public ApiHostSettings Settings { get; }

    public WebApplication App { get; private set; } = null!;

    public ManualTimeProvider Clock => Settings.Clock;

    public CredentialBook Credentials { get; } = new();

    public LogBook Log { get; } = new();

    public int Port { get; private set; }

    public int Http2Port { get; private set; }

    /// <summary>How many requests an endpoint has seen.</summary>
    public int Calls => _calls;

    public string Authority => $"127.0.0.1:{Port}";

    public string Http2Authority => $"127.0.0.1:{Http2Port}";

    public static Task<ApiHost> StartAsync(Door door) => StartAsync(new ApiHostSettings { Door = door });

    public static async Task<ApiHost> StartAsync(ApiHostSettings? settings = null)
    {
        var host = new ApiHost(settings ?? new ApiHostSettings());
        host.Credentials.Set(new Credential(Key, new CredentialSecret(new SigningKey(Key, Secret))));
        host.App = host.Build();
        await host.App.StartAsync(TestContext.Current.CancellationToken);
        string[] addresses = [.. host.App.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];
        host.Port = new Uri(addresses[0]).Port;
        host.Http2Port = new Uri(addresses[1]).Port;
        if (host.Settings.PastTheFloor)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        return host;
    }

    /// <summary>Drafts a request of the known key, to be signed now by the host's clock.</summary>
    public RequestDraft Draft(string method = "GET", string target = "/", byte[]? body = null) =>
        new(method, target, body) { Authority = Authority, Created = Clock.GetUtcNow() };

    /// <summary>Sends a request over HTTP/1.1, byte for byte.</summary>
    public Task<RawAnswer> SendAsync(RequestDraft draft) => SendAsync(draft.ToHttp1());

    /// <summary>Sends bytes over a connection of their own and reads one answer.</summary>
    public async Task<RawAnswer> SendAsync(byte[] request)
    {
        await using RawHttp connection = await RawHttp.ConnectAsync(Port);
        await connection.SendAsync(request);
        return await connection.ReadAsync();
    }

    /// <summary>Sends text as Latin-1, so that each character is a byte.</summary>
    public Task<RawAnswer> SendAsync(string request) => SendAsync(Encoding.Latin1.GetBytes(request));

    /// <summary>Sends a request over HTTP/2, by prior knowledge.</summary>
    public async Task<RawAnswer> SendHttp2Async(RequestDraft draft)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage request = draft.ToHttp2(Http2Port);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpVersion.Version20, response.Version);
        return new RawAnswer(
            (int)response.StatusCode,
            [.. response.Headers.Concat(response.Content.Headers).SelectMany(field => field.Value, (field, value) => (field.Key, value))],
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    private WebApplication Build()
    {
        WebApplicationBuilder builder = CreateBuilder(Settings.Environment);
        builder.Logging.AddProvider(Log).SetMinimumLevel(Settings.MinimumLogLevel);
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, null).ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            Settings.Kestrel(kestrel);
        });
        builder.Services.AddSingleton<TimeProvider>(Clock);
        if (!Settings.CredentialsFromConfiguration)
        {
            builder.Services.AddSingleton<ICredentialSource>(Credentials);
        }

        Settings.Build(builder);
        Settings.Schemes(builder.Services.AddAuthentication(SignatureDefaults.AuthenticationScheme).AddMessageSignature(Settings.Signature));
        bool authorize = Settings.Door == Door.Scheme || Settings.Authorize;
        if (authorize)
        {
            builder.Services.AddAuthorization();
        }

        WebApplication app = builder.Build();
        app.UseRouting();
        Settings.Before(app);
        if (Settings.Door == Door.Middleware)
        {
            app.UseMessageSignature();
        }
        else
        {
            app.UseAuthentication();
        }

        if (authorize)
        {
            app.UseAuthorization();
        }

        Settings.After(app);
        Map(app);
        return app;
    }

    private void Map(WebApplication app)
    {
        RouteGroupBuilder group = app.MapGroup("");
        if (Settings.Door == Door.Scheme)
        {
            group.RequireAuthorization();
        }

        group.Map("/{**path}", EchoAsync);
        group.MapPost("/pipe", async (HttpContext context) =>
        {
            Enter(context);
            await context.Request.BodyReader.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        group.MapPost("/form", async (HttpContext context) =>
        {
            Enter(context);
            IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
            await context.Response.WriteAsync(form["name"].ToString(), context.RequestAborted);
        });
        group.MapPost("/json", async (HttpContext context) =>
        {
            Enter(context);
            Dictionary<string, string>? json = await context.Request.ReadFromJsonAsync<Dictionary<string, string>>(context.RequestAborted);
            await context.Response.WriteAsync(json!["name"], context.RequestAborted);
        });
        app.Map("/open", [AllowAnonymous] (HttpContext context) => EchoAsync(context));
        Settings.Map(app);
    }

    private async Task EchoAsync(HttpContext context)
    {
        Enter(context);
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private void Enter(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId) ?? "nobody";
    }
}
