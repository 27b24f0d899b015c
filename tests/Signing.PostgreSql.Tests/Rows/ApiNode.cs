using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.Client;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Rows;

/// <summary>One of the nodes that share a schema and a key ring: an API at <c>/orders</c>, and the admin API that its developer uses.</summary>
internal sealed class ApiNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ManualTimeProvider _clock;
    private readonly HttpClient _client = new() { DefaultRequestHeaders = { { "Sec-Fetch-Site", "same-origin" } } };

    private ApiNode(WebApplication app, ManualTimeProvider clock)
    {
        _app = app;
        _clock = clock;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ApiNode> StartAsync(string schema, DirectoryInfo ring, ManualTimeProvider clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddDataProtection().SetApplicationName("signing tests").PersistKeysToFileSystem(ring);
        builder.Services.AddSigningPostgreSql(SharedServer.Current.Source, PostgreSqlParts.Credentials, options => options.Schema = schema);
        builder.Services.AddAuthentication().AddMessageSignature(options => options.Replay.FloorAtStart = false).AddApiToken();
        builder.Services.AddAuthorization();
        builder.Services.AddSigningManagement();
        WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", () => "tea").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Signature,ApiToken" });
        app.MapSigningManagement("/signing");
        var node = new ApiNode(app, clock);
        await app.StartAsync(Cancellation);
        await node.EnterAsync();
        return node;
    }

    /// <summary>Asks the admin API.</summary>
    public async Task<(int Status, JsonElement Body, string? ETag)> SendAsync(string method, string path, object? body = null, string? ifMatch = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), "/signing/api/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.ETag?.ToString());
    }

    /// <summary>Asks the admin API for what it does not refuse.</summary>
    public async Task<JsonElement> DoAsync(string method, string path, object? body = null)
    {
        (int status, JsonElement answer, _) = await SendAsync(method, path, body);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status}");
        if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("text", out JsonElement text))
        {
            Canary.Watch(text.GetString()!);
        }

        return answer;
    }

    /// <summary>Gives what the API says to a signed request: nothing, or the code of the refusal.</summary>
    public async Task<string?> VerdictAsync(string key, string secret)
    {
        using var handler = new MessageSigningHandler(new MessageSigningOptions { Key = key, Secret = secret, LearnFromServer = false }, timeProvider: _clock);
        using var client = new HttpClient(handler);
        using HttpResponseMessage response = await client.GetAsync(new Uri(_client.BaseAddress!, "/orders"), Cancellation);
        return await CodeAsync(response);
    }

    /// <summary>Gives what the API says to an ApiToken: nothing, or the code of the refusal.</summary>
    public async Task<string?> VerdictAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/orders") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        return await CodeAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.OK
        ? null
        : (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString();

    // What a page sends with each change.
    private async Task EnterAsync()
    {
        _client.BaseAddress = new Uri(_app.Urls.Single());
        _client.DefaultRequestHeaders.Add("Origin", _app.Urls.Single());
        JsonElement antiforgery = (await DoAsync("GET", "/me")).GetProperty("antiforgery");
        _client.DefaultRequestHeaders.Add(antiforgery.GetProperty("header").GetString()!, antiforgery.GetProperty("token").GetString());
    }
}
