// A client that never thinks of tokens: for 20 seconds it makes requests of an API whose tokens last 5 seconds, while an
// operator revokes its login and the API is restarted. Everything in one program:
//   dotnet run --project samples/TokenRefresh
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Signing.AspNetCore;

const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
var key = "demo_key_" + RandomNumberGenerator.GetString(Base62, 22);
var secret = "demo_secret_" + RandomNumberGenerator.GetString(Base62, 43);
var folder = Directory.CreateTempSubdirectory("token-refresh-");
var address = "http://127.0.0.1:0";
var api = await StartApiAsync();
address = api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

// ---- The client, in real life another program: one line ----------------------------------------------------------------
var transcript = new Transcript();
var program = Host.CreateApplicationBuilder();
program.Logging.ClearProviders().AddProvider(transcript).AddFilter("System.Net.Http", LogLevel.Warning);
program.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri(address))
    .AddAccessToken(key, secret);
using var client = program.Build();
var orders = client.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

// ---- The story ---------------------------------------------------------------------------------------------------------
int answered = 0, failed = 0, intended = 0;
transcript.Say($"API on {address}, tokens of 5 s");
await RequestUntilAsync(8);

transcript.Say("the operator revokes the login");
await api.Services.GetRequiredService<IGrantStore>().RevokeAllAsync(GrantOwner.Client, key, RevocationReason.Operator, CancellationToken.None);
await RequestUntilAsync(13);

transcript.Say("the API stops");
await api.DisposeAsync();
try
{
    using var response = await orders.GetAsync("/orders");
}
catch (HttpRequestException)
{
    intended++;
    transcript.Say("a request fails, as it must: nobody listens");
}

api = await StartApiAsync();
transcript.Say("the API is back, and its grants with it");
await RequestUntilAsync(20);

await api.DisposeAsync();
folder.Delete(recursive: true);
var (logins, refreshes) = (transcript.Count("by Login"), transcript.Count("by Refresh"));
var passed = (failed, intended, logins) == (0, 1, 2) && refreshes >= 2;
transcript.Say($"TokenRefresh: {answered} requests answered, {failed} failed, {intended} failed as intended; {logins} logins, {refreshes} refreshes");
return passed ? 0 : 1;

// Ten requests a second, one after another.
async Task RequestUntilAsync(int second)
{
    using var beat = new PeriodicTimer(TimeSpan.FromSeconds(0.1));
    while (transcript.Elapsed < TimeSpan.FromSeconds(second) && await beat.WaitForNextTickAsync())
    {
        try
        {
            using var response = await orders.GetAsync("/orders");
            response.EnsureSuccessStatusCode();
            answered++;
        }
        catch (HttpRequestException failure)
        {
            failed++;
            transcript.Say($"a request fails: {failure.Message}");
        }
    }
}

// The API: logins last a restart, because grants are in a journal and the key ring is on the disk.
async Task<WebApplication> StartApiAsync()
{
    // In Development a restart does not wait for old signatures to age; elsewhere it does, and the client waits with it.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, EnvironmentName = Environments.Development, ContentRootPath = folder.FullName });
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls(address);
    builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Signing:Credentials:0:Key"] = key,
        ["Signing:Credentials:0:Secret"] = secret,
    });
    builder.Services.AddDataProtection().PersistKeysToFileSystem(folder.CreateSubdirectory("keys"));
    builder.Services.AddSigningTokens(options =>
    {
        options.Issuer = new Uri("https://orders.example/auth");
        options.AccessLifetime = TimeSpan.FromSeconds(5);
        options.JournalPath = "grants.journal";
    });
    builder.Services.AddAuthentication().AddAccessToken();
    builder.Services.AddAuthorization();

    var app = builder.Build();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapTokenEndpoints("/auth");
    app.MapGet("/orders", (ClaimsPrincipal caller) => $"tea for {caller.FindFirstValue(SignatureClaimNames.KeyId)}").RequireAuthorization();
    await app.StartAsync(CancellationToken.None);
    return app;
}

/// <summary>Prints what happens, and what the client logs about it, with the seconds since the start.</summary>
internal sealed class Transcript : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Say(string line)
    {
        _lines.Enqueue(line);
        Console.WriteLine($"{Elapsed.TotalSeconds,5:0.0} s  {line}");
    }

    public int Count(string text) => _lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Say($"  client: {formatter(state, exception)}");
        }
    }

    public void Dispose()
    {
    }
}
