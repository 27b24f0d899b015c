using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>The configuration in the host, changed while it serves.</summary>
public sealed class CredentialStateTests
{
    private static readonly string Active = Json(new { ApiHost.Key, ApiHost.Secret });

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_suspension_works_on_the_next_request_and_so_does_its_end(Door door)
    {
        var configuration = new LiveConfiguration(Active);
        await using ApiHost host = await StartAsync(configuration, door);

        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        configuration.Replace(Json(new { ApiHost.Key, ApiHost.Secret, Status = "suspended" }));
        Assert.Equal((401, "suspended"), await SeenAsync(host, host.Draft()));
        configuration.Replace(Active);
        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        configuration.Replace(Json(new { ApiHost.Key, Status = "revoked" }));
        Assert.Equal((401, "invalid_credential"), await SeenAsync(host, host.Draft()));
        configuration.Replace("{}");
        Assert.Equal((401, "invalid_credential"), await SeenAsync(host, host.Draft()));
    }

    [Fact]
    public async Task Only_the_holder_learns_that_a_credential_is_suspended()
    {
        await using ApiHost host = await StartAsync(new LiveConfiguration(Json(new { ApiHost.Key, ApiHost.Secret, Status = "suspended" })));
        RequestDraft stranger = host.Draft();
        stranger.Secret += "x";

        Assert.Equal((401, "invalid_credential"), await SeenAsync(host, stranger));
    }

    [Fact]
    public async Task Both_Secrets_of_a_rotation_work_and_then_only_the_new_one()
    {
        const string next = "the next secret of key one, long enough";
        var configuration = new LiveConfiguration(Active);
        await using ApiHost host = await StartAsync(configuration);
        configuration.Replace(Json(new { ApiHost.Key, Secrets = new[] { ApiHost.Secret, next } }));

        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        Assert.Equal(200, (await host.SendAsync(SignedBy(host, next))).Status);
        configuration.Replace(Json(new { ApiHost.Key, Secret = next }));
        Assert.Equal((401, "invalid_credential"), await SeenAsync(host, host.Draft()));
        Assert.Equal(200, (await host.SendAsync(SignedBy(host, next))).Status);
    }

    [Fact]
    public async Task A_credential_begins_and_ends_at_its_times()
    {
        var clock = new ManualTimeProvider();
        DateTimeOffset start = clock.GetUtcNow();
        await using ApiHost host = await StartAsync(
            new LiveConfiguration(Json(new { ApiHost.Key, ApiHost.Secret, NotBefore = start.AddMinutes(1).ToString("O"), Expires = start.AddMinutes(2).ToString("O") })),
            Door.Middleware,
            clock);

        Assert.Equal((401, "not_yet_valid"), await SeenAsync(host, host.Draft()));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((401, "expired"), await SeenAsync(host, host.Draft()));
    }

    [Fact]
    public async Task The_user_says_everything_about_the_credential_and_follows_its_changes()
    {
        var configuration = new LiveConfiguration(Json(new
        {
            ApiHost.Key,
            ApiHost.Secret,
            Id = "crd_1",
            Application = "app_1",
            Workspace = "ws_1",
            Environment = "live",
            Scopes = new[] { "orders.read", "orders.write" },
        }));
        await using ApiHost host = await StartAsync(configuration);

        Assert.Equal(
            "key_id=key-one credential_id=crd_1 application_id=app_1 workspace_id=ws_1 environment=live scope=orders.read scope=orders.write",
            (await host.SendAsync(host.Draft("GET", "/claims"))).Text);
        configuration.Replace(Json(new { ApiHost.Key, ApiHost.Secret, Scopes = "orders.read" }));
        Assert.Equal("key_id=key-one credential_id=key-one scope=orders.read", (await host.SendAsync(host.Draft("GET", "/claims"))).Text);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_used_stop_the_start_without_telling_the_Secret()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(new LiveConfiguration(Json(new { ApiHost.Key, Secret = "too short" }))));

        Assert.Contains("Signing:Credentials:0:Secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", error.ToString(), StringComparison.Ordinal);
    }

    private static Task<ApiHost> StartAsync(LiveConfiguration configuration, Door door = Door.Middleware, ManualTimeProvider? clock = null) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Clock = clock ?? new ManualTimeProvider(),
        CredentialsFromConfiguration = true,
        Build = builder => ((IConfigurationBuilder)builder.Configuration).Add(configuration),
        Map = app => app.MapGet("/claims", (HttpContext context) => string.Join(' ', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}"))),
    });

    private static RequestDraft SignedBy(ApiHost host, string secret)
    {
        RequestDraft draft = host.Draft();
        draft.Secret = secret;
        return draft;
    }

    private static async Task<(int Status, string? Code)> SeenAsync(ApiHost host, RequestDraft draft)
    {
        RawAnswer answer = await host.SendAsync(draft);
        return (answer.Status, answer.Code);
    }

    private static string Json(object credential) => JsonSerializer.Serialize(new { Signing = new { Credentials = new[] { credential } } });
}
