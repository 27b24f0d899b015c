using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>What clients are told by the metadata, and where the endpoints are.</summary>
public sealed class AnnouncedAddressTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://api.example.com/auth", "/v1", "/auth", "https://api.example.com/auth/token", "/v1/auth/token")]
    [InlineData("https://api.example.com/v1/auth", "", "/oauth/", "https://api.example.com/v1/auth/oauth/token", null)]
    [InlineData("https://api.example.com", "/v1", "/auth", "https://api.example.com/auth/token", "/v1/auth/token")]
    [InlineData("https://api.example.com/v1/auth", "/v1", "auth", "https://api.example.com/v1/auth/token", null)]
    [InlineData("https://api.example.com/V1/auth", "v1", "/auth", "https://api.example.com/V1/auth/token", null)]
    [InlineData("https://api.example.com/public/auth", "", "/auth", "https://api.example.com/public/auth/token", null)]
    [InlineData("https://auth.example.com", "", "", "https://auth.example.com/token", null)]
    public async Task An_address_that_cannot_lead_to_the_endpoint_is_told_once(string issuer, string group, string prefix, string told, string? mapped)
    {
        var log = new LogBook();
        await using WebApplication app = Build(issuer, log);
        app.MapGroup(group).MapTokenEndpoints(prefix);
        await app.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        string metadata = await client.GetStringAsync("/.well-known/oauth-authorization-server" + new Uri(issuer).AbsolutePath.TrimEnd('/'), Cancellation);

        Assert.Contains($"\"token_endpoint\":\"{told}\"", metadata);
        string[] warnings = [.. log.Lines.Where(static line => line.Id == 3014).Select(static line => line.Text)];
        Assert.Equal(mapped is null ? 0 : 1, warnings.Length);
        Assert.All(warnings, warning => Assert.Contains($"tells clients {told}, but the endpoint is at {mapped}.", warning));
    }

    [Fact]
    public async Task A_second_mapping_which_no_metadata_describes_is_not_measured_by_it()
    {
        var log = new LogBook();
        await using WebApplication app = Build("https://api.example.com/auth", log);
        app.MapTokenEndpoints("/auth");
        app.MapGroup("/older").MapTokenEndpoints("/auth");
        await app.StartAsync(Cancellation);

        _ = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        Assert.DoesNotContain(log.Lines, static line => line.Id == 3014);
    }

    private static WebApplication Build(string issuer, LogBook log)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Logging.AddProvider(log);
        builder.Services.AddSigningTokens(options =>
        {
            options.Issuer = new Uri(issuer);
            options.AllowUnprotectedKeyRing = true;
        });
        return builder.Build();
    }
}
