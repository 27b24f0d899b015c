using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Management;
using Signing.Tests.Support;

namespace Signing.Browser.Tests.Support;

/// <summary>A real Kestrel with an API, its operators' page and a file of credentials in a folder of its own.</summary>
public sealed class Site : IAsyncDisposable
{
    public static readonly string[] Roles = ["viewer", "manager", "revealer", "administrator", "superadmin"];

    private static readonly Actor Seeder = new("seed");

    private readonly string _folder = Directory.CreateTempSubdirectory("signing-page-").FullName;
    private readonly string _pathBase;
    private readonly WebApplication _app;

    private Site(string pathBase, Action<ManagementOptions> configure)
    {
        _pathBase = pathBase;
        _app = Build(configure);
    }

    /// <summary>The time of everything on the server.</summary>
    public ShiftedClock Clock { get; } = new();

    public CredentialAdministration Desk => _app.Services.GetRequiredService<CredentialAdministration>();

    public ICredentialStore Store => _app.Services.GetRequiredService<ICredentialStore>();

    public int Port { get; private set; }

    /// <summary>Where the page is.</summary>
    public Uri Page => new($"http://127.0.0.1:{Port}{_pathBase}/signing/");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<Site> StartAsync(Action<ManagementOptions> configure, string pathBase = "")
    {
        var site = new Site(pathBase, configure);
        await site._app.StartAsync(Cancelled);
        site.Port = new Uri(site._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
        return site;
    }

    public async Task<WorkspaceRecord> AddWorkspaceAsync(string name, SecretDisclosure disclosure = SecretDisclosure.Once, bool bundleIdRequired = false)
    {
        RowResult<WorkspaceRecord> made = await Desk.CreateWorkspaceAsync(
            new NewWorkspace { Name = name, Disclosure = disclosure, BundleIdRequired = bundleIdRequired, DefaultLifetime = TimeSpan.FromDays(365) }, Seeder, Cancelled);
        Assert.Equal(ChangeStatus.Changed, made.Status);
        return made.Row!;
    }

    public async Task<ApplicationRecord> AddApplicationAsync(WorkspaceRecord workspace, string name, params string[] connectedApis)
    {
        RowResult<ApplicationRecord> made = await Desk.CreateApplicationAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = name, Description = $"What {name} is for.", ConnectedApis = connectedApis }, Seeder, Cancelled);
        Assert.Equal(ChangeStatus.Changed, made.Status);
        return made.Row!;
    }

    public async Task<SecretResult> AddKeyAsync(ApplicationRecord application, string name, CredentialKind kind = CredentialKind.KeyPair, TimeSpan? lifetime = null, string? parentId = null)
    {
        SecretResult made = await Desk.CreateCredentialAsync(
            new NewCredential { ApplicationId = application.Id, Kind = kind, Name = name, Environment = "live", ParentId = parentId, Expires = Clock.GetUtcNow() + lifetime }, Seeder, Cancelled);
        Assert.Equal(ChangeStatus.Changed, made.Status);
        return made;
    }

    /// <summary>Calls the API with a signed request.</summary>
    public async Task<HttpStatusCode> CallAsync(string path, string key, string secret)
    {
        using HttpClient client = new(new MessageSigningHandler(new MessageSigningOptions { Key = key, Secret = secret }, new SocketsHttpHandler { UseProxy = false }));
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}{_pathBase}{path}"), Cancelled);
        return answer.StatusCode;
    }

    /// <summary>Calls the API with an ApiToken.</summary>
    public async Task<HttpStatusCode> CallAsync(string path, string token)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{Port}{_pathBase}{path}");
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage answer = await client.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private WebApplication Build(Action<ManagementOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        IServiceCollection services = builder.Services;
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSigningCredentialFile(Path.Combine(_folder, "credentials.json"));
        services.AddAuthentication(Person.SchemeName).AddMessageSignature().AddApiToken()
            .AddScheme<AuthenticationSchemeOptions, Person>(Person.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy("caller", policy => policy.AddAuthenticationSchemes(SignatureDefaults.AuthenticationScheme, ApiTokenDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        foreach (string role in Roles)
        {
            services.AddAuthorizationBuilder().AddPolicy(role, policy => policy.RequireClaim(Person.Role, role));
        }

        services.AddSigningManagement(options =>
        {
            options.Policies = new ManagementPolicies { Viewer = "viewer", Manager = "manager", Revealer = "revealer", Administrator = "administrator" };
            configure(options);
        });
        WebApplication app = builder.Build();
        app.UsePathBase(_pathBase);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders/{id}", (int id, ClaimsPrincipal caller) => new { id, caller = caller.Identity!.Name }).RequireAuthorization("caller").RequireConnectedApi("orders");
        app.MapGet("/invoices", () => "none").RequireAuthorization("caller").RequireConnectedApi("invoices");
        app.MapGet("/open", () => "all is well").RequireAuthorization("caller");
        app.MapSigningManagement("/signing");
        return app;
    }
}
