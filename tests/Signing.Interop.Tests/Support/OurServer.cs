using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Interop.Tests.Support;

/// <summary>A real Kestrel with our scheme, which signs its answers. Every path answers with the caller and the content; below /moved everybody is sent away from it, and below /links presigned URLs are let in.</summary>
public sealed class OurServer : IAsyncDisposable
{
    public const string Key = "interop_key_1";
    public const string Secret = "the secret of interop_key_1, long enough";

    private readonly WebApplication _app;

    private OurServer(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    public int Port => new Uri(Address).Port;

    /// <summary>Starts a server that knows its public origin, or takes it from the request as ASP.NET's forwarded-headers middleware leaves it.</summary>
    public static async Task<OurServer> StartAsync(Uri? publicOrigin)
    {
        // In Development the replay memory has no floor, so that the first caller need not wait.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", Key), new("Signing:Credentials:0:Secret", Secret)]);
        builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        builder.Services.AddAuthentication().AddMessageSignature(options => options.PublicOrigin = publicOrigin);
        builder.Services.AddAuthorization();
        builder.Services.AddResponseSignature(options => options.Sign = SignedResponses.All);
        WebApplication app = builder.Build();
        if (publicOrigin is null)
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost });
        }

        app.UseResponseSignature();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Map("/moved/{**path}", (string path) => Results.LocalRedirect("/" + path, permanent: false, preserveMethod: true));
        app.Map("/links/{**path}", AnswerAsync).RequireAuthorization().AllowPresigned();
        app.Map("/{**path}", AnswerAsync).RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OurServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        using var content = new StreamReader(context.Request.Body);
        string text = await content.ReadToEndAsync(context.RequestAborted);
        await context.Response.WriteAsync($"{context.User.FindFirstValue(SignatureClaimNames.KeyId)} sent {text}", context.RequestAborted);
    }
}
