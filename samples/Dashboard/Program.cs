// An API with two connected APIs, the page of its operators, and a client for the key that you create there:
//   dotnet run --project samples/Dashboard                                        the API and the page
//   Api__Key=… Api__Secret=… dotnet run --project samples/Dashboard -- call       the client
using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;

const string Address = "http://127.0.0.1:5085";
if (args.Contains("call"))
{
    return await CallAsync();
}

// ---- The API -------------------------------------------------------------------------------------------------------
// Outside Development the page wants policies that say who its operators are, and the key ring must be encrypted.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, EnvironmentName = Environments.Development });
string data = Path.Combine(AppContext.BaseDirectory, builder.Configuration["Data"] ?? "data");
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? Address);
builder.Services.AddDataProtection().SetApplicationName("Dashboard").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(data, "keys")));
builder.Services.AddSigningCredentialFile(Path.Combine(data, "credentials.json"), file => file.Prefix = "demo");
builder.Services.AddAuthentication(SignatureDefaults.AuthenticationScheme).AddMessageSignature();
builder.Services.AddAuthorization();
builder.Services.AddSigningManagement();

await using var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/orders/{id:int}", (int id, ClaimsPrincipal caller) => new { id, item = "tea", caller = caller.FindFirstValue(SignatureClaimNames.Application) })
    .RequireAuthorization().RequireConnectedApi("orders");
app.MapGet("/stock", () => new { tea = 12, coffee = 7 })
    .RequireAuthorization().RequireConnectedApi("stock");
app.MapSigningManagement("/signing");
await app.StartAsync();

var store = app.Services.GetRequiredService<ICredentialStore>();
if ((await store.ListAsync<WorkspaceRecord>(new RowQuery { Limit = 1 }, CancellationToken.None)).Rows.Count == 0)
{
    await SeedAsync(store);
}

Console.WriteLine($"""
    The page of the operators: {app.Urls.First()}/signing
    Create a key there, connect it to an API, and call it from another terminal with what the page shows under .env:

      Api__Key=… Api__Secret=… dotnet run --project samples/Dashboard -- call

    Ctrl+C ends it; {data} keeps what you made.
    """);
await app.WaitForShutdownAsync();
return 0;

// ---- The client, in real life another program ----------------------------------------------------------------------
async Task<int> CallAsync()
{
    var program = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var settings = program.Configuration.GetSection("Api");
    if (string.IsNullOrEmpty(settings["Key"]) || string.IsNullOrEmpty(settings["Secret"]))
    {
        await Console.Error.WriteLineAsync("Set Api__Key and Api__Secret to what the page showed when you created the key.");
        return 2;
    }

    program.Logging.ClearProviders();
    program.Services.AddHttpClient("api", client => client.BaseAddress = new Uri(settings["Address"] ?? Address)).AddMessageSigning(settings);
    using var host = program.Build();
    var api = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    var accepted = 0;
    foreach (var path in (string[])["/orders/42", "/stock"])
    {
        using var answer = await api.GetAsync(new Uri(path, UriKind.Relative));
        accepted += answer.IsSuccessStatusCode ? 1 : 0;
        Console.WriteLine($"GET {path,-11} {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    return accepted > 0 ? 0 : 1;
}

// ---- Two customers, their programs and half a year of history --------------------------------------------------------
async Task SeedAsync(ICredentialStore rows)
{
    var clock = new Past();
    var operate = new CredentialAdministration(rows, app.Services.GetRequiredService<SecretSeal>(), app.Services.GetRequiredService<CredentialFormat>(), clock);
    var (dana, lee) = (new Actor("dana@acme.example", "198.51.100.20"), new Actor("lee@acme.example", "198.51.100.31"));

    clock.DaysAgo = 190;
    var acme = await AddWorkspaceAsync(new NewWorkspace { Name = "Acme Retail", BundleIdRequired = true, DefaultLifetime = TimeSpan.FromDays(365) });
    var northwind = await AddWorkspaceAsync(new NewWorkspace { Name = "Northwind Traders", Disclosure = SecretDisclosure.Retrievable, DefaultLifetime = TimeSpan.FromDays(365) });
    var shop = await AddApplicationAsync(acme, "Storefront", "com.acme.storefront", "The web shop: shows the catalogue and takes orders.", "orders", "stock");
    var warehouse = await AddApplicationAsync(acme, "Warehouse sync", "com.acme.warehouse", "Writes stock levels every night.", "stock");
    var reports = await AddApplicationAsync(northwind, "Stock reports", "org.northwind.reports", "A weekly report for the buyers.", "stock");

    await UseAsync(await AddKeyAsync(shop, "Storefront production", "orders.read", "orders.write"), minutesAgo: 2, "203.0.113.7");
    var agency = await AddKeyAsync(shop, "Web agency", "orders.read");
    await UseAsync(await AddKeyAsync(reports, "Weekly report", "stock.read"), minutesAgo: 60 * 24 * 120, "192.0.2.44");

    clock.DaysAgo = 80;
    await UseAsync(await AddKeyAsync(warehouse, "Nightly stock", "stock.write"), minutesAgo: 60 * 9, "203.0.113.90");
    var scanner = await operate.CreateCredentialAsync(
        new NewCredential { ApplicationId = warehouse.Id, Kind = CredentialKind.ApiToken, Name = "Hand scanner", NeverExpires = true }, lee, CancellationToken.None);
    await AddEndingKeyAsync(shop, "Spring campaign", TimeSpan.FromDays(75));
    await AddEndingKeyAsync(shop, "Pop-up store", TimeSpan.FromDays(86));

    clock.DaysAgo = 3;
    var phone = await AddApplicationAsync(acme, "Mobile app", "com.acme.app", "For iOS and Android.", "orders");
    var mobile = await AddKeyAsync(phone, "Mobile app 7", "orders.read");
    await operate.RevokeAsync(agency.Id, null, "The contract ended.", TimeSpan.Zero, dana, CancellationToken.None);
    await operate.SuspendAsync(scanner.Credential!.Id, null, lee, CancellationToken.None);
    await operate.CreateSharingKeyAsync(
        new NewSharingKey { GrantorWorkspaceId = acme.Id, GranteeWorkspaceId = northwind.Id, Name = "Northwind reads our stock", Scopes = ["stock.read"], Expires = clock.GetUtcNow().AddDays(180) }, dana, CancellationToken.None);

    clock.DaysAgo = 0.2;
    await operate.RotateAsync(mobile.Id, null, null, lee, CancellationToken.None);
    await UseAsync(mobile, minutesAgo: 4, "203.0.113.15");

    async Task<WorkspaceRecord> AddWorkspaceAsync(NewWorkspace workspace) =>
        (await operate.CreateWorkspaceAsync(workspace, dana, CancellationToken.None)).Row!;

    async Task<ApplicationRecord> AddApplicationAsync(WorkspaceRecord workspace, string name, string bundleId, string description, params string[] apis) =>
        (await operate.CreateApplicationAsync(new NewApplication { WorkspaceId = workspace.Id, Name = name, BundleId = bundleId, Description = description, ConnectedApis = apis }, dana, CancellationToken.None)).Row!;

    async Task<CredentialRecord> AddKeyAsync(ApplicationRecord application, string name, params string[] scopes) =>
        (await operate.CreateCredentialAsync(new NewCredential { ApplicationId = application.Id, Kind = CredentialKind.KeyPair, Name = name, Environment = "live", Scopes = scopes }, dana, CancellationToken.None)).Credential!;

    async Task AddEndingKeyAsync(ApplicationRecord application, string name, TimeSpan lifetime) =>
        await operate.CreateCredentialAsync(new NewCredential { ApplicationId = application.Id, Kind = CredentialKind.KeyPair, Name = name, Environment = "live", Expires = clock.GetUtcNow() + lifetime }, lee, CancellationToken.None);

    async Task UseAsync(CredentialRecord credential, int minutesAgo, string from) =>
        await rows.MarkUsedAsync([new SecretUse(credential.Id, 1, new LastUse(TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo), from))], CancellationToken.None);
}

/// <summary>A clock that is behind, so that the history has one.</summary>
internal sealed class Past : TimeProvider
{
    public double DaysAgo { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(-DaysAgo);
}
