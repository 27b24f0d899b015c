using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Management;

namespace Signing.Tool.Tests;

/// <summary>A real API with a real management behind it: <c>/echo</c> wants a signature, <c>/signing</c> one of a robot that may manage.</summary>
public sealed class Site : IAsyncDisposable
{
    private const string Environment = "Development";

    private readonly Folder _folder;

    private Site(WebApplication app, Folder folder)
    {
        App = app;
        _folder = folder;
    }

    public WebApplication App { get; }

    public string Address => App.Urls.Single();

    public string Server => $"{Address}/signing";

    public string Application { get; private set; } = "";

    /// <summary>A customer's pair, which may not manage.</summary>
    public (string Key, string Secret) Customer { get; private set; }

    /// <summary>A pair that has the scope to manage.</summary>
    public (string Key, string Secret) Robot { get; private set; }

    /// <summary>An ApiToken that has the scope to manage.</summary>
    public string Token { get; private set; } = "";

    public static async Task<Site> StartAsync(Action<SignatureOptions>? signature = null, Action<WebApplication>? before = null, bool closesDiagnostics = false)
    {
        var folder = new Folder();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().PersistKeysToFileSystem(Directory.CreateDirectory(folder["keys"]));
        builder.Services.AddSigningCredentialFile(folder["credentials.json"]);
        builder.Services.AddAuthentication().AddMessageSignature(options =>
        {
            options.Replay.FloorAtStart = false;
            signature?.Invoke(options);
        }).AddApiToken();
        builder.Services.AddAuthorization(options => options.AddPolicy("robots", policy => policy
            .AddAuthenticationSchemes(SignatureDefaults.AuthenticationScheme, ApiTokenDefaults.AuthenticationScheme).RequireAuthenticatedUser().RequireClaim("scope", "signing.manage")));
        builder.Services.AddSigningManagement(options => options.Policies = new ManagementPolicies { Viewer = "robots", Manager = "robots", Revealer = "robots", Administrator = "robots" });
        WebApplication app = builder.Build();
        before?.Invoke(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Map("/echo/{**rest}", EchoAsync).RequireAuthorization(policy => policy.AddAuthenticationSchemes(SignatureDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        IEndpointConventionBuilder diagnostics = app.MapSigningDiagnostics("/diagnostics");
        if (closesDiagnostics)
        {
            diagnostics.RequireAuthorization("robots");
        }

        app.MapSigningManagement("/signing");
        await app.StartAsync(TestContext.Current.CancellationToken);
        var site = new Site(app, folder);
        await site.SeedAsync();
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Does what a proxy does to a request before it passes it on.</summary>
    public static Action<WebApplication> Proxy(string? host = null, Func<string, string>? target = null, params (string Name, string Value)[] fields) => app => app.Use((context, next) =>
    {
        if (host is not null)
        {
            context.Request.Headers.Host = host;
        }

        IHttpRequestFeature feature = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        feature.RawTarget = target?.Invoke(feature.RawTarget) ?? feature.RawTarget;
        foreach ((string name, string value) in fields)
        {
            context.Request.Headers[name] = value;
        }

        return next(context);
    });

    private static async Task EchoAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        context.Response.Headers["X-User"] = context.User.Identity!.Name;
        context.Response.ContentType = context.Request.ContentType ?? "text/plain";
        await context.Response.Body.WriteAsync(content.Length > 0 ? content.ToArray() : Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}"), context.RequestAborted);
    }

    private async Task SeedAsync()
    {
        CredentialAdministration administration = App.Services.GetRequiredService<CredentialAdministration>();
        CancellationToken stop = TestContext.Current.CancellationToken;
        var seeder = new Actor("seeder");
        WorkspaceRecord workspace = (await administration.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, seeder, stop)).Row!;
        ApplicationResult made = await administration.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = "Shop" }, new NewCredential { Kind = CredentialKind.KeyPair, Name = "the shop's" }, seeder, stop);
        Application = made.Application!.Id;
        Customer = (made.Credential!.Key!, made.Text!);
        SecretResult robot = await administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = Application, Kind = CredentialKind.KeyPair, Name = "robot", Scopes = ["signing.manage"] }, seeder, stop);
        Robot = (robot.Credential!.Key!, robot.Text!);
        SecretResult token = await administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = Application, Kind = CredentialKind.ApiToken, Name = "robot's token", Scopes = ["signing.manage"] }, seeder, stop);
        Token = token.Text!;
    }
}
