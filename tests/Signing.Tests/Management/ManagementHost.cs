using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Management;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>A real Kestrel with the management at <c>/signing</c>, an API at <c>/orders</c>, a store of its own, and a sign-in by header.</summary>
internal sealed class ManagementHost : IAsyncDisposable
{
    public const string Api = "/signing/api/v1";

    private static readonly string[] Schemes = [PersonHandler.SchemeName, ApiTokenDefaults.AuthenticationScheme, SignatureDefaults.AuthenticationScheme];

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    private ManagementHost(ManagementHostSettings settings) => Settings = settings;

    public ManagementHostSettings Settings { get; }

    public WebApplication App { get; private set; } = null!;

    public LogBook Log { get; } = new();

    public int Port { get; private set; }

    public string Origin => $"http://127.0.0.1:{Port}";

    /// <summary>Where the credentials are kept.</summary>
    public ManagementStore Place { get; } = new();

    public CredentialAdministration Administration => App.Services.GetRequiredService<CredentialAdministration>();

    public ICredentialStore Store => App.Services.GetRequiredService<ICredentialStore>();

    /// <summary>The rows of the customer who is let in.</summary>
    public ManagementRowsOf Own { get; private set; } = null!;

    /// <summary>The rows of another customer.</summary>
    public ManagementRowsOf Foreign { get; private set; } = null!;

    public static async Task<ManagementHost> StartAsync(ManagementHostSettings? settings = null, bool isSeeded = true)
    {
        var host = new ManagementHost(settings ?? new ManagementHostSettings());
        try
        {
            host.App = host.Build();
            await host.App.StartAsync(TestContext.Current.CancellationToken);
            host.Port = new Uri(host.App.Urls.Single()).Port;
            if (isSeeded)
            {
                host.Own = await host.SeedAsync("Own");
                host.Foreign = await host.SeedAsync("Foreign");
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Signs somebody in, who sees every workspace unless some are named.</summary>
    public ManagementCaller SignIn(string roles, params string[] workspaces) => new(this, _client, "mona", roles, workspaces);

    /// <summary>Is nobody.</summary>
    public ManagementCaller Stranger() => new(this, _client, null, "", []);

    public Task<ManagementRowsOf> SeedAsync(string name) => ManagementRowsOf.MakeAsync(Administration, name);

    /// <summary>Drafts a request to <c>/orders</c> or elsewhere, signed now.</summary>
    public RequestDraft Draft(CredentialRecord pair, string secret, string method = "GET", string target = "/orders", byte[]? body = null) =>
        new(method, target, body) { Authority = $"127.0.0.1:{Port}", Created = Settings.Clock.GetUtcNow(), KeyId = pair.Key!, Secret = secret };

    /// <summary>Asks for the orders with an ApiToken.</summary>
    public Task<RawAnswer> SendTokenAsync(string token) => Stranger().With(request => request.Headers.Add("Authorization", $"Bearer {token}")).OpenAsync("/orders");

    public Task<RawAnswer> SendAsync(RequestDraft draft) => SendAsync(draft.ToHttp1());

    public Task<RawAnswer> SendAsync(string request) => SendAsync(System.Text.Encoding.Latin1.GetBytes(request));

    public async Task<RawAnswer> SendAsync(byte[] request)
    {
        await using RawHttp connection = await RawHttp.ConnectAsync(Port);
        await connection.SendAsync(request);
        return await connection.ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (App is not null)
        {
            await App.StopAsync(TestContext.Current.CancellationToken);
            await App.DisposeAsync();
        }

        Place.Dispose();
    }

    private static void NamePolicies(AuthorizationOptions options)
    {
        foreach (string role in new[] { "viewer", "manager", "revealer", "administrator", "integrations", "apiTokens" })
        {
            // A credential is let in by its scope, if it gets that far.
            options.AddPolicy(role, policy => policy.AddAuthenticationSchemes(Schemes).RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.IsInRole(role) || context.User.HasClaim(SignatureClaimNames.Scope, "signing.manage")));
        }
    }

    private static void Use(ManagementOptions options) => options.Policies = new ManagementPolicies
    {
        Viewer = "viewer",
        Manager = "manager",
        Revealer = "revealer",
        Administrator = "administrator",
    };

    private static ValueTask<IReadOnlyCollection<string>?> WorkspacesOf(HttpContext context) => new(
        context.Request.Headers.TryGetValue(PersonHandler.WorkspacesHeader, out var ids) ? ids.ToString().Split(',') : null);

    private WebApplication Build()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Settings.Environment);
        builder.Logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(Settings.Clock);
        Place.AddTo(builder.Services);
        builder.Services.AddAuthentication(PersonHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, PersonHandler>(PersonHandler.SchemeName, null)
            .AddMessageSignature(options => options.Replay.FloorAtStart = false)
            .AddApiToken();
        builder.Services.AddAuthorization(NamePolicies);
        builder.Services.AddSigningManagement(options =>
        {
            options.Workspaces = WorkspacesOf;
            if (Settings.Policies)
            {
                Use(options);
            }

            Settings.Options(options);
        });
        Settings.Services(builder.Services);
        WebApplication app = builder.Build();
        app.UseRouting();
        Settings.Before(app);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", () => "tea").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiToken,Signature" });
        Settings.Map(app);
        return app;
    }
}
