using System.Net;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;
using Signing.Interop.Tests.Support;
using Signing.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>A page can give a WebSocket no header field: it opens one by a presigned URL.</summary>
public sealed class SocketTests(Chromium chromium)
{
    private const string Key = "page_key_1";
    private const string Secret = "the secret of page_key_1, long enough";

    private const string Open = """
        url => new Promise(resolve => {
          const socket = new WebSocket(url);
          socket.onmessage = event => resolve(event.data);
          socket.onerror = () => resolve('refused');
        })
        """;

    [Theory]
    [InlineData(HttpProtocols.Http1, "GET")]
    [InlineData(HttpProtocols.Http1AndHttp2, "CONNECT")]
    public async Task A_page_opens_a_socket_by_a_URL_and_by_no_other(HttpProtocols protocols, string method)
    {
        using var certificate = new Certificate(["127.0.0.1"]);
        await using WebApplication app = await StartAsync(protocols, certificate);
        await using IBrowserContext context = await chromium.Browser.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(app.Urls.Single());
        using var key = new SigningKey(Key, Secret);
        string url = new UrlSigner(key).Presign(new Uri($"{app.Urls.Single().Replace("https", "wss", StringComparison.Ordinal)}/live/a%20b?who=O'Brien"), TimeSpan.FromMinutes(1));

        Assert.Equal($"{Key} by {method}", await page.EvaluateAsync<string>(Open, url));
        Assert.Equal("refused", await page.EvaluateAsync<string>(Open, url.Replace("/live/a", "/live/b", StringComparison.Ordinal)));
    }

    private static async Task<WebApplication> StartAsync(HttpProtocols protocols, Certificate certificate)
    {
        using var ephemeral = X509Certificate2.CreateFromPem(certificate.WithKey, certificate.WithKey);
        X509Certificate2 server = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), password: null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(server);
        }));
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", Key), new("Signing:Credentials:0:Secret", Secret)]);
        builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.MapGet("/", () => Results.Content("<!doctype html><title>Live</title>", "text/html"));
        app.Map("/live/{**name}", TalkAsync).RequireAuthorization().AllowPresigned();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task TalkAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] text = Encoding.UTF8.GetBytes($"{context.User.FindFirstValue(SignatureClaimNames.KeyId)} by {context.Request.Method}");
        await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, context.RequestAborted);
    }
}
