using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Docs;

/// <summary>The tests of a user's own API, as the README has them.</summary>
public sealed class TestServerTests : IDisposable
{
    private const string Key = "tested_key_1";
    private const string Secret = "tested_secret_of_more_than_16_bytes";
    private const int TargetIsUntold = 13;

    private readonly LogBook _log = new();

    [Theory]
    [InlineData("/orders")]
    [InlineData("/")]
    [InlineData("/orders?")]
    [InlineData("/a%2Fb/%C3%A9/a%20b?q=%40+x&q='")]
    [InlineData("/it's(1)!*~@:$&+,;=")]
    public async Task A_signed_request_is_accepted_where_its_target_is_told(string target)
    {
        await using WebApplication app = await StartAsync(services => services.AddSingleton<IStartupFilter, ToldTarget>());
        using HttpClient client = Client(app, Secret);

        using HttpResponseMessage read = await client.GetAsync(new Uri(target, UriKind.Relative), TestContext.Current.CancellationToken);
        using HttpResponseMessage written = await client.PostAsJsonAsync(new Uri(target, UriKind.Relative), new { Item = "tea" }, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, written.StatusCode));
        Assert.Equal("{\"item\":\"tea\"}", await written.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(_log.Lines, line => line.Id == TargetIsUntold);
    }

    [Fact]
    public async Task A_request_with_a_wrong_signature_is_refused_where_its_target_is_told()
    {
        await using WebApplication app = await StartAsync(services => services.AddSingleton<IStartupFilter, ToldTarget>());
        using HttpClient client = Client(app, "another secret of 16 bytes");

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Signature error=\"invalid_credential\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain(_log.Lines, line => line.Id == TargetIsUntold);
    }

    [Fact]
    public async Task A_server_that_does_not_tell_the_target_is_named_in_the_log()
    {
        await using WebApplication app = await StartAsync(static _ => { });
        using HttpClient client = Client(app, Secret);

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("Signature error=\"missing_component\"", answer.Headers.WwwAuthenticate.ToString());
        LogLine said = Assert.Single(_log.Lines, line => line.Id == TargetIsUntold);
        Assert.Equal(LogLevel.Warning, said.Level);
        Assert.Contains("RawTarget", said.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _log.Dispose();

    private static HttpClient Client(WebApplication app, string secret)
    {
        var options = new MessageSigningOptions { Key = Key, Secret = secret };
        return new HttpClient(new MessageSigningHandler(options, app.GetTestServer().CreateHandler())) { BaseAddress = new Uri("http://localhost") };
    }

    private async Task<WebApplication> StartAsync(Action<IServiceCollection> add)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.WebHost.UseTestServer();
        builder.Logging.AddProvider(_log);
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", Key), new("Signing:Credentials:0:Secret", Secret)]);
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        add(builder.Services);
        WebApplication app = builder.Build();
        app.Map("/{**rest}", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted)).RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
