using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>The management beside what hosts put around it.</summary>
public sealed class CompositionTests
{
    [Fact]
    public async Task The_hosts_output_cache_keeps_nothing_of_what_a_door_has_shown()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Environment = "Development",
            Policies = false,
            Services = services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Expire(TimeSpan.FromMinutes(5)))),
            Map = app =>
            {
                app.UseOutputCache();
                app.MapGet("/kept", () => "kept");
                app.MapSigningManagement("/signing");
            },
        });
        ManagementCaller local = host.Stranger();
        ManagementCaller proxied = local.With(request => request.Headers.Add("X-Forwarded-For", "192.0.2.7"));

        foreach (string path in new[] { "/signing", "/signing/assets/main.js", "/signing/api/v1/credentials", "/signing/api/v1/openapi.json" })
        {
            Assert.Equal(200, (await local.OpenAsync(path)).Status);
            Assert.Equal(403, (await proxied.OpenAsync(path)).Status);
        }

        await local.OpenAsync("/kept");
        Assert.NotNull((await proxied.OpenAsync("/kept"))["Age"]);
    }

    [Fact]
    public async Task A_host_that_logs_all_content_logs_no_secret()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = static services => services.AddHttpLogging(static options => options.LoggingFields = HttpLoggingFields.All),
            Before = static app => app.UseHttpLogging(),
        });
        ManagementCaller manager = host.SignIn("viewer,manager");

        JsonElement made = await manager.CreateAsync("/credentials", $$"""{"applicationId":"{{host.Own.Application.Id}}","kind":"keyPair","name":"made"}""");

        string logged = string.Join('\n', host.Log.Lines.Where(line => line.Category.Contains("HttpLogging", StringComparison.Ordinal)).Select(line => line.Text));
        Assert.Contains("/signing/api/v1/credentials", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(made.GetProperty("text").GetString()!, logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_of_the_builder_stands_in_the_place_of_a_fallback_that_is_for_signatures()
    {
        static ManagementHostSettings Settings(Action<WebApplication> map) => new()
        {
            Services = services => services.Configure<AuthorizationOptions>(static options => options.FallbackPolicy = new AuthorizationPolicyBuilder("Signature").RequireAuthenticatedUser().Build()),
            Map = map,
        };
        await using ManagementHost closed = await ManagementHost.StartAsync(Settings(static app => app.MapSigningManagement("/signing")));
        await using ManagementHost open = await ManagementHost.StartAsync(Settings(static app => app.MapSigningManagement("/signing").RequireAuthorization("viewer")));

        Assert.Equal(401, (await closed.SignIn("viewer").GetAsync("/me")).Status);
        Assert.Equal(200, (await open.SignIn("viewer").GetAsync("/me")).Status);
        Assert.Equal(403, (await open.SignIn("manager").GetAsync("/me")).Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_the_hosts_decompression_cannot_read_is_a_400(string encoding)
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = services => services.AddRequestDecompression(),
            Before = app => app.UseRequestDecompression(),
        });

        RawAnswer answer = await host.SignIn("viewer,administrator").With(request => request.Content?.Headers.Add("Content-Encoding", encoding))
            .SendAsync("POST", "/workspaces", """{"name":"x"}""");

        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_address_of_what_was_created_is_right_behind_a_path_that_ends_in_a_slash()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn("viewer,manager,administrator");

        RawAnswer created = await manager.SendAsync("POST", "/workspaces/", """{"name":"x"}""");

        Assert.Equal(201, created.Status);
        Assert.Equal(200, (await manager.OpenAsync(created["Location"]!)).Status);
    }
}
