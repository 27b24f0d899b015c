using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.Tests.Management;

namespace Signing.Tests.Docs;

/// <summary>What an API's own OpenAPI document says of signatures and tokens, as the README has it.</summary>
public sealed class OpenApiTests : IDisposable
{
    private readonly ManagementStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_protected_operation_asks_for_a_signature_or_a_token_and_an_open_one_for_nothing()
    {
        await using WebApplication app = await StartAsync();
        JsonElement document = await DocumentOfAsync(app);

        JsonElement schemes = document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal(["Signature", "AccessToken"], schemes.EnumerateObject().Select(scheme => scheme.Name));
        Assert.All(schemes.EnumerateObject(), scheme => Assert.Equal("http", scheme.Value.GetProperty("type").GetString()));
        JsonElement paths = document.GetProperty("paths");
        Assert.Equal("[{\"Signature\":[]},{\"AccessToken\":[]}]", JsonSerializer.Serialize(paths.GetProperty("/orders").GetProperty("get").GetProperty("security")));
        Assert.False(paths.GetProperty("/health").GetProperty("get").TryGetProperty("security", out _));
        Assert.False(paths.GetProperty("/status").GetProperty("get").TryGetProperty("security", out _));
    }

    [Fact]
    public async Task Nothing_of_the_management_and_of_the_diagnostics_is_in_it()
    {
        await using WebApplication app = await StartAsync();

        Assert.Equal(["/health", "/orders", "/status"], (await DocumentOfAsync(app)).GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_of_the_admin_API_is_not_among_those_that_the_host_maps_for_everybody()
    {
        await using WebApplication app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        JsonElement open = await client.GetFromJsonAsync<JsonElement>(new Uri("/openapi/signing-management.json", UriKind.Relative), TestContext.Current.CancellationToken);
        string own = await client.GetStringAsync(new Uri("/signing/api/v1/openapi.json", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("{}", open.GetProperty("paths").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(["openapi", "info", "paths"], open.EnumerateObject().Select(member => member.Name));
        Assert.Contains("\"/signing/api/v1/workspaces\"", own, StringComparison.Ordinal);
    }

    private async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication().AddMessageSignature().AddAccessToken();
        builder.Services.AddAuthorization();
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        _store.AddTo(builder.Services);
        builder.Services.AddSigningManagement();
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer<SigningSecurity>().AddOperationTransformer<SigningSecurity>());
        WebApplication app = builder.Build();
        app.MapOpenApi();
        app.MapTokenEndpoints("/auth");
        app.MapSigningManagement("/signing");
        app.MapSigningDiagnostics("/diagnostics");
        app.MapGet("/orders", () => "orders").RequireAuthorization();
        app.MapGet("/status", () => "well").RequireAuthorization().AllowAnonymous();
        app.MapGet("/health", () => "well");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<JsonElement> DocumentOfAsync(WebApplication app)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return await client.GetFromJsonAsync<JsonElement>(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
    }
}
