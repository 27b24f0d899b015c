using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>A URL lives as long as its credential, and what it leads to is an answer like any other.</summary>
public sealed class PresignedLifeTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("0123456789");

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_change_of_the_credential_holds_for_the_URLs_that_are_out_already(Door door)
    {
        var configuration = new LiveConfiguration(Json(new { ApiHost.Key, ApiHost.Secret }));
        await using ApiHost host = await StartAsync(configuration, door);
        string url = host.Url().Signed;
        DateTimeOffset now = host.Clock.GetUtcNow();

        Assert.Equal((200, null), await host.SeenAsync(url));
        configuration.Replace(Json(new { ApiHost.Key, ApiHost.Secret, Status = "suspended" }));
        Assert.Equal((401, "suspended"), await host.SeenAsync(url));
        configuration.Replace(Json(new { ApiHost.Key, ApiHost.Secret, NotBefore = now.AddMinutes(1) }));
        Assert.Equal((401, "not_yet_valid"), await host.SeenAsync(url));
        configuration.Replace(Json(new { ApiHost.Key, Secret = "the next secret of key one, long enough" }));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync(url));
        configuration.Replace(Json(new { ApiHost.Key, Status = "revoked" }));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync(url));
        Assert.Contains(host.Log.Lines, line => line.Text.EndsWith("the request is refused, revoked; key unproved.", StringComparison.Ordinal));
        configuration.Replace(Json(new { ApiHost.Key, ApiHost.Secret }));
        Assert.Equal((200, null), await host.SeenAsync(url));
    }

    [Theory]
    [InlineData("live", null)]
    [InlineData("test", "environment_mismatch")]
    public async Task A_URL_is_for_the_environment_of_its_credential(string environment, string? code)
    {
        await using ApiHost host = await StartAsync(
            new LiveConfiguration(Json(new { ApiHost.Key, ApiHost.Secret, Environment = environment })), signature: options => options.Environment = "live");

        Assert.Equal(code, (await host.FollowAsync(host.Url().Signed)).Code);
    }

    [Fact]
    public async Task A_URL_ends_with_its_credential_and_with_its_Secret_if_they_end_first()
    {
        var configuration = new LiveConfiguration("{}");
        await using ApiHost host = await StartAsync(configuration);
        DateTimeOffset soon = host.Clock.GetUtcNow().AddMinutes(10);
        string url = host.Url().Signed;
        configuration.Replace(Json(new { ApiHost.Key, ApiHost.Secret, Expires = soon }));
        Assert.Equal(200, (await host.FollowAsync(url)).Status);

        host.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((401, "expired"), await host.SeenAsync(url));
        configuration.Replace(Json(new { ApiHost.Key, Secrets = new object[] { new { ApiHost.Secret, Until = soon }, "the next secret of key one, long enough" } }));
        Assert.Equal((401, "expired"), await host.SeenAsync(url));
        configuration.Replace(Json(new { ApiHost.Key, Secrets = new object[] { new { ApiHost.Secret, Until = soon.AddHours(1) }, "the next secret of key one, long enough" } }));
        Assert.Equal(200, (await host.FollowAsync(url)).Status);
    }

    [Fact]
    public async Task Only_the_holder_learns_that_a_credential_is_suspended()
    {
        await using ApiHost host = await StartAsync(new LiveConfiguration(Json(new { ApiHost.Key, ApiHost.Secret, Status = "suspended" })));

        Assert.Equal((401, "invalid_credential"), await host.SeenAsync((host.Url() with { Secret = "another secret, long enough" }).Signed));
    }

    [Fact]
    public async Task A_source_that_fails_is_no_answer_about_the_URL()
    {
        await using ApiHost host = await PresignedHost.StartAsync();
        host.Credentials.Failure = new InvalidOperationException("out of order");

        RawAnswer answer = await host.FollowAsync(host.Url().Signed);

        Assert.Equal((503, "credential_store_unavailable"), (answer.Status, answer.Code));
        Assert.NotNull(answer["Retry-After"]);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_application_that_is_not_connected_gets_403(Door door)
    {
        var configuration = new LiveConfiguration(Connected("billing"));
        await using ApiHost host = await StartAsync(configuration, door, app => app.MapGet("/orders", PresignedHost.AnswerAsync).RequireConnectedApi("orders").AllowPresigned());
        string url = host.Url("/orders").Signed;

        Assert.Equal((403, "api_not_connected"), await host.SeenAsync(url));
        configuration.Replace(Connected("orders"));
        Assert.Equal((200, null), await host.SeenAsync(url));
    }

    [Fact]
    public async Task The_last_use_of_a_URL_is_noted_and_that_of_a_refused_one_is_not()
    {
        var uses = new LastUses(areWanted: true);
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddSingleton(uses),
            Map = app => app.MapGet("/reports/7.pdf", PresignedHost.AnswerAsync).AllowPresigned(),
        });
        host.Credentials.Set(new Credential("ended", new CredentialSecret(new SigningKey("ended", ApiHost.Secret))) { Expires = host.Clock.GetUtcNow() });

        Assert.Equal(401, (await host.FollowAsync(host.Url().Signed + "x")).Status);
        Assert.Equal(401, (await host.FollowAsync((host.Url() with { KeyId = "ended" }).Signed)).Status);
        Assert.Equal((401, "missing_digest"), await host.SeenAsync(host.Url().Signed, "Content-Length: 1\r\n"));
        Assert.Empty(uses.Take());
        Assert.Equal(200, (await host.FollowAsync(host.Url().Signed)).Status);
        Assert.Equal(new LastUse(host.Clock.GetUtcNow(), "127.0.0.1"), Assert.Single(uses.Take()).Use);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_download_is_resumed_by_ranges(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door, map: app => PresignedHost.Guard(
            app.MapMethods("/file", ["GET", "HEAD"], () => Results.Bytes(Content, "text/plain", enableRangeProcessing: true)).AllowPresigned(), door));
        string url = host.Url("/file").Signed;

        RawAnswer whole = await host.FollowAsync(url);
        RawAnswer part = await host.FollowAsync(url, fields: "Range: bytes=4-6\r\n");
        RawAnswer rest = await host.FollowAsync(url, fields: "Range: bytes=7-\r\n");

        Assert.Equal((200, "0123456789", null), (whole.Status, whole.Text, whole["Cache-Control"]));
        Assert.Equal((206, "456", "bytes 4-6/10"), (part.Status, part.Text, part["Content-Range"]));
        Assert.Equal((206, "789"), (rest.Status, rest.Text));
    }

    private static Task<ApiHost> StartAsync(LiveConfiguration configuration, Door door = Door.Middleware, Action<WebApplication>? map = null, Action<SignatureOptions>? signature = null) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        CredentialsFromConfiguration = true,
        Signature = signature ?? (static _ => { }),
        Build = builder => ((IConfigurationBuilder)builder.Configuration).Add(configuration),
        Map = map ?? (app => PresignedHost.Guard(app.MapGet("/reports/7.pdf", PresignedHost.AnswerAsync).AllowPresigned(), door)),
    });

    private static string Connected(string api) => JsonSerializer.Serialize(new
    {
        Signing = new
        {
            Applications = new Dictionary<string, object>(StringComparer.Ordinal) { ["app_1"] = new { Apis = new[] { api } } },
            Credentials = new[] { new { ApiHost.Key, ApiHost.Secret, Application = "app_1" } },
        },
    });

    private static string Json(object credential) => JsonSerializer.Serialize(new { Signing = new { Credentials = new[] { credential } } });
}
