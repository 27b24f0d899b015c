using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>What the operator of an API finds in the log about a request that was refused.</summary>
public sealed class RefusalLogTests : IDisposable
{
    private const int Refused = 2;
    private const int ContentRejected = 5;
    private const int AskedTooLate = 14;

    private readonly LogBook _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_refusal_names_the_key_whose_holder_has_proved_it_and_no_other(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = host.Draft();
        RequestDraft stranger = host.Draft();
        stranger.KeyId = "an-unbounded-name";
        RequestDraft forged = host.Draft();
        forged.Secret = "another secret of 16 bytes";

        await host.SendAsync(draft);
        Assert.Equal("replayed", (await host.SendAsync(draft)).Code);
        await host.SendAsync(stranger);
        await host.SendAsync(forged);

        Assert.Equal(
            [$"Signature: the request is refused, replayed; key {ApiHost.Key}.", "Signature: the request is refused, unknown_key; key unproved.", "Signature: the request is refused, invalid_credential; key unproved."],
            host.Log.Lines.Where(line => line.Id == Refused && line.Category.StartsWith("Signing.AspNetCore", StringComparison.Ordinal)).Select(line => line.Text));
    }

    [Fact]
    public async Task A_token_that_is_refused_names_its_client_where_it_is_genuine()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (string token, _) = await api.LogInAsync();
        api.Host.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))) { Status = StoredStatus.Suspended });

        Assert.Equal("suspended", (await api.GetAsync(token)).Code);
        Assert.Equal("invalid_credential", (await api.GetAsync(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'))).Code);

        Assert.Equal(
            [$"AccessToken: the request is refused, suspended; key {ApiHost.Key}.", "AccessToken: the request is refused, tampered_token; key unproved."],
            api.Host.Log.Lines.Where(line => line.Id == Refused && line.Text.StartsWith("AccessToken:", StringComparison.Ordinal)).Select(line => line.Text));
    }

    [Fact]
    public async Task Content_that_is_too_large_for_the_server_is_logged_with_its_limit_and_not_as_a_verdict()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Kestrel = options => options.Limits.MaxRequestBodySize = 100 });

        RawAnswer answer = await host.SendAsync(host.Draft("POST", "/", new byte[200]));

        Assert.Equal(413, answer.Status);
        LogLine line = Assert.Single(host.Log.Lines, line => line.Id == ContentRejected && line.Category.StartsWith("Signing", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains($"key {ApiHost.Key} with 413", line.Text, StringComparison.Ordinal);
        Assert.Contains("100 bytes", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, line => line.Text.Contains("is refused", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    public async Task An_authorization_that_runs_before_authentication_is_named_in_the_log(bool inOrder, HttpStatusCode expected)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", "ordered_key_1"), new("Signing:Credentials:0:Secret", "ordered_secret_of_16_bytes")]);
        builder.Services.AddAuthentication().AddMessageSignature(options => options.Replay.FloorAtStart = false);
        builder.Services.AddAuthorization();
        await using WebApplication app = builder.Build();
        app.UseAuthentication();
        if (inOrder)
        {
            app.UseAuthorization();
        }

        app.MapGet("/orders", () => "tea").RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using HttpClient client = new(new MessageSigningHandler(new MessageSigningOptions { Key = "ordered_key_1", Secret = "ordered_secret_of_16_bytes" })) { BaseAddress = new Uri(app.Urls.First()) };
        using HttpClient stranger = new() { BaseAddress = client.BaseAddress };

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);
        using HttpResponseMessage unsigned = await stranger.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((expected, HttpStatusCode.Unauthorized), (answer.StatusCode, unsigned.StatusCode));
        LogLine[] said = [.. _log.Lines.Where(line => line.Id == AskedTooLate && line.Category.StartsWith("Signing", StringComparison.Ordinal))];
        Assert.Equal(inOrder ? [] : [LogLevel.Warning], said.Select(line => line.Level));
    }
}
