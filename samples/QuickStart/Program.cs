// Everything in one program: an API that checks signatures, its operator, a client that signs, and somebody in between.
//   dotnet run --project samples/QuickStart             prints the transcript and ends
//   dotnet run --project samples/QuickStart -- --serve  keeps the API running, with a request to try
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.Client;

// ---- The API -------------------------------------------------------------------------------------------------------
// In Development a restart does not wait for old signatures to age, and the key ring that seals the Secrets may be in plain.
using var data = new TemporaryFolder();
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, EnvironmentName = Environments.Development });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(data.PathOf("key-ring")));
builder.Services.AddSigningCredentialFile(data.PathOf("credentials.json"), file => file.Prefix = "demo");
builder.Services.AddAuthentication().AddMessageSignature();
builder.Services.AddAuthorization();
builder.Services.AddProblemDetails();
await using var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/orders/{id:int}", (int id, ClaimsPrincipal caller) => new { id, caller = WhoIs(caller) }).RequireAuthorization();
app.MapPost("/orders", (Order order, ClaimsPrincipal caller) => new { order.Item, order.Count, caller = WhoIs(caller) }).RequireAuthorization();
await app.StartAsync();
var address = new Uri(app.Urls.First());

// ---- The operator, in real life on a page ----------------------------------------------------------------------------
var you = new Actor("you");
var operate = app.Services.GetRequiredService<CredentialAdministration>();
var workspace = await operate.CreateWorkspaceAsync(new NewWorkspace { Name = "Demo" }, you, CancellationToken.None);
var created = await operate.CreateApplicationWithCredentialAsync(
    new NewApplication { WorkspaceId = workspace.Row!.Id, Name = "Web shop" },
    new NewCredential { Kind = CredentialKind.KeyPair, Name = "The shop's first key", Environment = "test", Scopes = ["orders"] },
    you,
    CancellationToken.None);
var (id, key, secret) = (created.Credential!.Id, created.Credential.Key!, created.Text!);

// ---- The client, in real life another program ----------------------------------------------------------------------
var between = new Middleman();
var program = Host.CreateEmptyApplicationBuilder(settings: null);
program.Services.AddHttpClient("orders", client => client.BaseAddress = address)
    .AddMessageSigning(key, secret)
    .ConfigurePrimaryHttpMessageHandler(() => between);
using var shop = program.Build();
var orders = shop.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

if (args.Contains("--serve"))
{
    await PrintRequestToTryAsync();
    await app.WaitForShutdownAsync();
    return 0;
}

// ---- The story -----------------------------------------------------------------------------------------------------
var passed = 0;
var steps = 0;
Console.WriteLine($"""
    API on {address}

    Created by its operator
          application  Web shop, {created.Application!.Id}
          Key          {key}
          Secret       shown once, sealed in the file: {secret[..secret.LastIndexOf('_')]}_…{created.Credential.Current!.Hint}

    Accepted
    """);
await ExpectAsync("GET, signed", null, () => orders.GetAsync("/orders/42?fields=id"));
await ExpectAsync("POST with a body, signed", null, () => PostAsync(2));

Console.WriteLine("\nRefused");
await ExpectAsync("without a signature", "missing_signature", () => SendAsync(request => request.Options.Set(SigningOverrides.Skip, true)));
between.Change = request => request.Content = JsonContent.Create(new Order("tea", 2000));
await ExpectAsync("body changed on its way", "digest_mismatch", () => PostAsync(2));
between.Change = request => request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri.Replace("fields=id", "fields=all", StringComparison.Ordinal));
await ExpectAsync("query changed on its way", "invalid_credential", () => orders.GetAsync("/orders/42?fields=id"));
between.Change = null;
await ExpectAsync("sent once more (replayed)", "replayed", async () =>
{
    (await orders.GetAsync("/orders/42")).EnsureSuccessStatusCode();
    return await between.SendLastAgainAsync();
});
using (var late = ClientOf(key, secret, new Late(TimeSpan.FromMinutes(10))))
{
    await ExpectAsync("signed ten minutes ago", "too_old", () => late.GetAsync("/orders/42"));
}

using (var stranger = ClientOf("demo_key_of_nobody", secret, TimeProvider.System))
{
    await ExpectAsync("unknown key", "invalid_credential", () => stranger.GetAsync("/orders/42"));
}

Console.WriteLine("\nDecided by the operator while both run");
await operate.SuspendAsync(id, version: null, you, CancellationToken.None);
await ExpectAsync("key suspended", "suspended", () => orders.GetAsync("/orders/42"));
await operate.ResumeAsync(id, version: null, you, CancellationToken.None);
await ExpectAsync("key resumed", null, () => orders.GetAsync("/orders/42"));
var rotated = await operate.RotateAsync(id, version: null, overlap: TimeSpan.FromHours(1), you, CancellationToken.None);
await ExpectAsync("key rotated, former Secret", null, () => orders.GetAsync("/orders/42"));
using (var renewed = ClientOf(key, rotated.Text!, TimeProvider.System))
{
    await ExpectAsync("key rotated, new Secret", null, () => renewed.GetAsync("/orders/42"));
}

await operate.RevokeAsync(id, version: null, reason: "the story ends", after: TimeSpan.Zero, you, CancellationToken.None);
await ExpectAsync("key revoked", "invalid_credential", () => orders.GetAsync("/orders/42"));

await app.StopAsync();
var store = app.Services.GetRequiredService<ICredentialStore>();
var row = await store.GetAsync<CredentialRecord>(id, CancellationToken.None);
var audit = await store.ListAuditAsync(new RowQuery(), CancellationToken.None);
Console.WriteLine($"""

    What is left
          last use     from {row!.LastUsed!.Value.Address}
          in the audit {string.Join(", ", audit.Rows.Reverse().Where(entry => entry.Target == id).Select(entry => entry.Action[(entry.Action.IndexOf('.', StringComparison.Ordinal) + 1)..]))}

    QuickStart: {passed} of {steps} as expected
    """);
return passed == steps ? 0 : 1;

// The code is null where the request is to be accepted.
async Task ExpectAsync(string what, string? code, Func<Task<HttpResponseMessage>> send)
{
    using var response = await send();
    using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    var said = body.RootElement.TryGetProperty("code", out var told) ? told.GetString() : null;
    var matches = said == code && response.IsSuccessStatusCode == (code is null);
    steps++;
    passed += matches ? 1 : 0;
    Console.WriteLine($"  {(matches ? "ok" : "NO")}  {what,-28} {(int)response.StatusCode}  {said ?? body.RootElement.ToString()}");
}

Task<HttpResponseMessage> PostAsync(int count) => orders.PostAsJsonAsync("/orders", new Order("tea", count));

async Task<HttpResponseMessage> SendAsync(Action<HttpRequestMessage> prepare)
{
    using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/42");
    prepare(request);
    return await orders.SendAsync(request);
}

// Without dependency injection; it does not learn the right time from the refusal, so that the refusal is seen.
HttpClient ClientOf(string itsKey, string itsSecret, TimeProvider clock) =>
    new(new MessageSigningHandler(new MessageSigningOptions { Key = itsKey, Secret = itsSecret, LearnFromServer = false }, new SocketsHttpHandler { AllowAutoRedirect = false }, clock))
    {
        BaseAddress = address,
    };

static string? WhoIs(ClaimsPrincipal caller) => caller.FindFirstValue(SignatureClaimNames.Application);

async Task PrintRequestToTryAsync()
{
    (await orders.GetAsync("/orders/42")).EnsureSuccessStatusCode();
    between.Change = _ => throw new OperationCanceledException("Signed to be printed, not sent.");
    try
    {
        await orders.GetAsync("/orders/43");
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine($"The API listens on {address} until Ctrl+C. This request is accepted once, within five minutes:\n\n  curl -i {new Uri(address, "/orders/43")} \\");
        Console.WriteLine(string.Join(" \\\n", between.LastHeaders.Select(header => $"    -H '{header}'")));
    }
}

internal sealed record Order(string Item, int Count);

/// <summary>Stands on the wire between client and API: changes requests after they were signed, and keeps them.</summary>
internal sealed class Middleman() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private Uri? _lastUri;

    public Action<HttpRequestMessage>? Change { get; set; }

    public IReadOnlyList<string> LastHeaders { get; private set; } = [];

    public Task<HttpResponseMessage> SendLastAgainAsync()
    {
        var copy = new HttpRequestMessage(HttpMethod.Get, _lastUri);
        foreach (var header in LastHeaders)
        {
            copy.Headers.TryAddWithoutValidation(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        }

        return base.SendAsync(copy, CancellationToken.None);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _lastUri = request.RequestUri;
        LastHeaders = [.. request.Headers.NonValidated.Select(header => $"{header.Key}: {header.Value}")];
        Change?.Invoke(request);
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>A clock that is behind.</summary>
internal sealed class Late(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - by;
}

/// <summary>A folder that is gone when the program ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signing-quickstart-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
