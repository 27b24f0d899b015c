using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.Wasm.Tests.Support;

/// <summary>Two Kestrels: one has the page, the other an API, which the page calls as one of another origin.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private readonly WebApplication _page = Build();
    private readonly ConcurrentQueue<string> _caught = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private WebApplication? _api;

    public Uri Page => new(_page.Urls.First());

    public Uri Api => new(_api!.Urls.First());

    /// <summary>The paths that the page has asked for, in order.</summary>
    public string[] Asked => [.. _asked];

    /// <summary>What has followed a redirect of the API: names of header fields.</summary>
    public string[] Caught => [.. _caught];

    public async Task StartAsync()
    {
        _page.MapGet("/", () => Results.File(PageFiles.All["index.html"], "text/html"));
        _page.MapGet("/config.json", () => PageFiles.Config);
        _page.MapGet("/{file}", (string file) => PageFiles.All.TryGetValue(file, out string? path) ? Results.File(path, PageFiles.TypeOf(file)) : Results.NotFound());
        _page.Map("/caught", (HttpRequest request) => _caught.Enqueue(string.Join(' ', request.Headers.Keys)));
        await _page.StartAsync(TestContext.Current.CancellationToken);
        _api = Build(Add);
        Map(_api);
        await _api.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _page.DisposeAsync();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    private static WebApplication Build(Action<WebApplicationBuilder>? add = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        add?.Invoke(builder);
        return builder.Build();
    }

    private void Add(WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Signing:Credentials:0:Key"] = "acme_key_1",
            ["Signing:Credentials:0:Secret"] = "acme_secret_0123456789abcdef",
        });
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        builder.Services.AddResponseSignature();
        builder.Services.AddAuthentication().AddMessageSignature().AddAccessToken();
        builder.Services.AddAuthorization();

        // As the README of Signing.AspNetCore says.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(Page.GetLeftPart(UriPartial.Authority)).AllowAnyMethod()
            .WithHeaders("Signature", "Signature-Input", "Content-Digest", "Content-Type", "Authorization", "Accept-Signature")
            .WithExposedHeaders("WWW-Authenticate", "Accept-Signature", "Date", "Retry-After", "Signature", "Signature-Input", "Content-Digest")));
    }

    private void Map(WebApplication api)
    {
        api.Use((context, next) =>
        {
            if (!HttpMethods.IsOptions(context.Request.Method))
            {
                _asked.Enqueue(context.Request.Path);
            }

            return next(context);
        });
        api.UseCors();
        api.UseResponseSignature();
        api.UseAuthentication();
        api.UseAuthorization();
        api.MapTokenEndpoints("/auth");
        api.Map("/orders", [Authorize(AuthenticationSchemes = "Signature")] (HttpRequest request, ClaimsPrincipal caller) => EchoAsync(request, caller));
        api.Map("/signed", [Authorize(AuthenticationSchemes = "Signature")] (HttpRequest request, ClaimsPrincipal caller) => EchoAsync(request, caller)).SignResponse();
        api.Map("/token", [Authorize(AuthenticationSchemes = "AccessToken")] (HttpRequest request, ClaimsPrincipal caller) => EchoAsync(request, caller));
        api.Map("/signed-token", [Authorize(AuthenticationSchemes = "Signature,AccessToken")] (HttpRequest request, ClaimsPrincipal caller) => EchoAsync(request, caller));
        api.Map("/authorization", (HttpRequest request) => request.Headers.Authorization.ToString());
        api.Map("/elsewhere", () => Results.Redirect(new Uri(Page, "/caught").AbsoluteUri, preserveMethod: true));
    }

    private static async Task<string> EchoAsync(HttpRequest request, ClaimsPrincipal caller)
    {
        using var reader = new StreamReader(request.Body);
        return $"{caller.FindFirstValue(SignatureClaimNames.KeyId)} {await reader.ReadToEndAsync(request.HttpContext.RequestAborted)}".TrimEnd();
    }
}
