using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class OpenDoorTests(OpenDoorTests.OpenDoor shared, OpenDoorTests.DoorForAllSites ofAllSites) : IClassFixture<OpenDoorTests.OpenDoor>, IClassFixture<OpenDoorTests.DoorForAllSites>
{
    private static ManagementHostSettings Development => new() { Environment = "Development", Policies = false };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("[::1]:5000")]
    [InlineData("127.0.0.1:1")]
    public async Task In_Development_without_policies_a_browser_on_this_machine_may_do_all(string host)
    {
        await using ManagementHost open = await ManagementHost.StartAsync(Development);

        RawAnswer answer = await open.SendAsync($"GET /signing/api/v1/me HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.True(ManagementCaller.Json(answer).GetProperty("development").GetBoolean());
        Assert.Equal(6, ManagementCaller.Json(answer).GetProperty("can").GetArrayLength());
        Assert.Contains(open.Log.Lines, line => line.Text.Contains("No policies are set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host: evil.example")]
    [InlineData("Host: 127.0.0.1.evil.example")]
    [InlineData("Host: localhost.evil.example:5000")]
    [InlineData("Host: localhost.")]
    [InlineData("Host: 127.0.0.2")]
    [InlineData("Host: [::1%25lo]")]
    [InlineData("Host:")]
    [InlineData("Host: localhost\r\nX-Forwarded-For: 127.0.0.1")]
    [InlineData("Host: localhost\r\nX-Forwarded-Host: localhost")]
    [InlineData("Host: localhost\r\nX-Forwarded-Proto:")]
    [InlineData("Host: localhost\r\nForwarded: for=127.0.0.1")]
    [InlineData("Host: localhost\r\nX-Original-For: 127.0.0.1")]
    [InlineData("Host: localhost\r\nX-Real-IP: 127.0.0.1")]
    [InlineData("Host: localhost\r\nVia: 1.1 proxy")]
    public async Task A_rebinding_name_or_a_proxy_between_reaches_nothing(string fields)
    {
        foreach (string path in new[] { "/signing", "/signing/assets/main.js", "/signing/api/v1/me", "/signing/api/v1/credentials" })
        {
            RawAnswer answer = await shared.Host.SendAsync($"GET {path} HTTP/1.1\r\n{fields}\r\n\r\n");

            Assert.True(answer.Status is 403 or 400, answer.ToString());
            Assert.DoesNotContain("crd_", answer.Text);
        }
    }

    [Theory]
    [InlineData("192.0.2.7", 403)]
    [InlineData("::ffff:192.0.2.7", 403)]
    [InlineData(null, 403)]
    [InlineData("::1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    public async Task Another_machine_reaches_nothing_whatever_name_it_calls(string? peer, int status)
    {
        await using ManagementHost open = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Environment = "Development",
            Policies = false,
            Before = app => app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
                return next(context);
            }),
        });

        Assert.Equal(status, (await open.SendAsync("GET /signing/api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status);
        if (status == 200)
        {
            ManagementCaller mona = open.SignIn("");
            Assert.Equal(201, (await mona.SendAsync("POST", "/workspaces", """{"name":"new"}""")).Status);
            JsonElement latest = (await mona.ReadAsync("/audit?limit=1")).GetProperty("items")[0];
            Assert.Equal(("mona", peer == "::1" ? "::1" : "127.0.0.1"), (latest.GetProperty("actor").GetString(), latest.GetProperty("address").GetString()));
        }
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("http://localhost.evil.example", 403)]
    [InlineData("http://localhost:5001", 403)]
    [InlineData("null", 403)]
    [InlineData("", 403)]
    [InlineData("http://localhost", 200)]
    public async Task A_page_of_another_site_reads_nothing_even_where_the_host_lets_all_sites_read(string origin, int status)
    {
        Assert.Equal(status, (await ofAllSites.Host.SendAsync($"GET /signing/api/v1/credentials HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n\r\n")).Status);
    }

    [Fact]
    public async Task A_change_needs_the_pages_token_there_too()
    {
        await using ManagementHost open = await ManagementHost.StartAsync(Development);

        RawAnswer forged = await open.SendAsync(
            "POST /signing/api/v1/workspaces HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"name\":\"new\"}");
        RawAnswer honest = await open.SignIn("").SendAsync("POST", "/workspaces", """{"name":"new"}""");

        Assert.Equal("antiforgery_failed", forged.Code);
        Assert.Equal(201, honest.Status);
    }

    [Fact]
    public async Task A_customers_own_credential_is_refused_there_too()
    {
        await using ManagementHost open = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Environment = "Development",
            Policies = false,
            Services = static services => Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.Configure<Microsoft.AspNetCore.Authentication.AuthenticationOptions>(
                services, static options => options.DefaultScheme = options.DefaultAuthenticateScheme = "ApiToken"),
        });

        RawAnswer answer = await open.Stranger().With(request => request.Headers.Add("Authorization", $"Bearer {open.Own.Texts[1]}")).GetAsync("/me");

        Assert.Equal((403, "scope_missing"), (answer.Status, answer.Code));
    }

    public sealed class OpenDoor() : SharedManagement(Development);

    public sealed class DoorForAllSites() : SharedManagement(new ManagementHostSettings
    {
        Environment = "Development",
        Policies = false,
        Services = static services => Microsoft.Extensions.DependencyInjection.CorsServiceCollectionExtensions.AddCors(services),
        Before = static app => app.UseCors(static cors => cors.AllowAnyOrigin()),
    });
}
