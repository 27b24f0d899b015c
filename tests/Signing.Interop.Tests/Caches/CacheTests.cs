using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Caches;

/// <summary>RFC 9111 §3.5: an API behind an nginx that keeps answers, as one does that is told for how long.</summary>
public sealed class CacheTests
{
    private static readonly Dictionary<string, string> Tokens =
        ((string[])["one", "two"]).ToDictionary(key => key, _ => new CredentialFormat("sgn").CreateApiToken("live"), StringComparer.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("max-age=60")]
    public async Task What_one_caller_is_told_the_cache_tells_nobody_else(string? cacheControl) =>
        Assert.Equal([(200, "one"), (200, "two"), (401, null)], await AskAsync(cacheControl));

    [Fact]
    public async Task What_the_holder_of_a_token_is_told_it_tells_nobody_else_though_it_knows_nothing_of_authorization() =>
        Assert.Equal([(200, "token one"), (200, "token two"), (401, null)], await AskAsync(cacheControl: null, byToken: true));

    [Fact]
    public async Task What_the_endpoint_permits_the_cache_tells_everybody() =>
        Assert.Equal([(200, "one"), (200, "one"), (200, "one")], await AskAsync("public, max-age=60"));

    private static async Task<(int Status, string? Text)[]> AskAsync(string? cacheControl, bool byToken = false)
    {
        await using WebApplication app = await StartAsync(cacheControl);
        using var certificate = new Certificate(["127.0.0.1"]);
        await using var gateways = new Gateways();
        int port = gateways.AddNginxCaching(new Uri(app.Urls.First()).Port);
        await gateways.StartAsync(certificate);
        return
        [
            await GetAsync("one", byToken, port, certificate),
            await GetAsync("two", byToken, port, certificate),
            await GetAsync(key: null, byToken, port, certificate),
        ];
    }

    private static async Task<(int Status, string? Text)> GetAsync(string? key, bool byToken, int port, Certificate certificate)
    {
        var transport = new SocketsHttpHandler { UseProxy = false };
        transport.SslOptions.CertificateChainPolicy = certificate.Trust();
        using var client = new HttpClient(key is null || byToken ? transport : new MessageSigningHandler(new MessageSigningOptions { Key = key, Secret = SecretOf(key) }, transport));
        client.DefaultRequestHeaders.Authorization = key is not null && byToken ? new AuthenticationHeaderValue("Bearer", Tokens[key]) : null;
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"https://127.0.0.1:{port}/me"), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : null);
    }

    private static async Task<WebApplication> StartAsync(string? cacheControl)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(((string[])["one", "two"]).SelectMany<string, KeyValuePair<string, string?>>(key =>
            [new($"Signing:Credentials:{key}:Key", key), new($"Signing:Credentials:{key}:Secret", SecretOf(key)),
             new($"Signing:ApiTokens:{key}:Id", $"token {key}"), new($"Signing:ApiTokens:{key}:Token", Tokens[key])]));
        builder.Services.AddAuthentication().AddMessageSignature().AddApiToken();
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.MapGet("/me", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = cacheControl;
            return context.User.FindFirstValue(SignatureClaimNames.KeyId);
        }).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = $"{SignatureDefaults.AuthenticationScheme},{ApiTokenDefaults.AuthenticationScheme}" });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static string SecretOf(string key) => $"the secret of {key}, long enough";
}
