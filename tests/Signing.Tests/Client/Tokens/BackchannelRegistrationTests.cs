using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>What the host sets for the client of the token endpoints, in the order in which hosts call.</summary>
public sealed class BackchannelRegistrationTests : TokenTestBase
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_hosts_primary_handler_for_logins_stays_whether_it_is_set_before_the_first_client_or_after(bool isFirst)
    {
        var services = new ServiceCollection();
        var sent = new List<string>();
        IHttpClientBuilder backchannel = services.AddHttpClient(AccessTokenOptions.BackchannelName);
        if (isFirst)
        {
            SetPrimary();
        }

        services.AddHttpClient("orders", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret);
        if (!isFirst)
        {
            SetPrimary();
        }

        await SourceOf(Own(services.BuildServiceProvider())).GetAsync(Cancelled);

        Assert.Equal(["/auth/login"], sent);

        void SetPrimary() => backchannel.ConfigurePrimaryHttpMessageHandler(() => new Listed(sent));
    }

    [Fact]
    public async Task What_is_set_for_all_clients_is_not_what_logs_in_even_if_it_is_set_last()
    {
        var sent = new List<string>();
        ServiceProvider services = Build(orders => orders.Services.ConfigureHttpClientDefaults(all => all.ConfigurePrimaryHttpMessageHandler(() => new Listed(sent))));

        await SourceOf(services).GetAsync(Cancelled);

        Assert.Empty(sent);
    }

    [Fact]
    public async Task What_is_set_for_all_clients_is_not_what_logs_in_where_the_host_has_set_options_before_any_client()
    {
        var services = new ServiceCollection();
        var sent = new List<string>();
        services.Configure<HttpClientFactoryOptions>(AccessTokenOptions.BackchannelName, static options => options.HandlerLifetime = TimeSpan.FromHours(1));
        services.AddHttpClient("orders", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret);
        services.ConfigureHttpClientDefaults(all => all.ConfigurePrimaryHttpMessageHandler(() => new Listed(sent)));

        await SourceOf(Own(services.BuildServiceProvider())).GetAsync(Cancelled);

        Assert.Empty(sent);
    }

    [Fact]
    public async Task What_the_host_sets_for_the_client_of_logins_holds_as_it_does_for_any_client()
    {
        var sent = new List<string>();
        var asked = new List<string>();
        ServiceProvider services = Build(orders => orders.Services.AddHttpClient(AccessTokenOptions.BackchannelName)
            .ConfigurePrimaryHttpMessageHandler(() => new Listed(sent, asked))
            .ConfigureHttpClient(static client =>
            {
                client.DefaultRequestHeaders.UserAgent.ParseAdd("shop/1.0");
                client.DefaultRequestVersion = HttpVersion.Version20;
                client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
            }));

        await SourceOf(services).GetAsync(Cancelled);
        await SourceOf(services).RevokeAsync(Cancelled);

        Assert.Equal(["/auth/login", "/auth/revoke"], sent);
        Assert.All(asked, static request => Assert.Equal("2.0 RequestVersionOrLower shop/1.0", request));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_logger_of_all_clients_which_may_write_contents_down_does_not_hear_of_logins(bool isFirst)
    {
        var services = new ServiceCollection();
        var heard = new Heard();
        if (isFirst)
        {
            AddLogger();
        }

        services.AddHttpClient("orders", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret);
        if (!isFirst)
        {
            AddLogger();
        }

        Assert.Equal(200, (int)(await ClientOf(Own(services.BuildServiceProvider())).GetAsync("/orders", Cancelled)).StatusCode);

        Assert.Equal(["/orders"], heard.Paths);

        void AddLogger() => services.ConfigureHttpClientDefaults(all => all.AddLogger(_ => heard, wrapHandlersPipeline: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_hosts_logger_for_logins_stays_whether_it_is_set_before_the_first_client_or_after(bool isFirst)
    {
        var services = new ServiceCollection();
        var heard = new Heard();
        IHttpClientBuilder backchannel = services.AddHttpClient(AccessTokenOptions.BackchannelName);
        if (isFirst)
        {
            backchannel.AddLogger(_ => heard);
        }

        services.AddHttpClient("orders", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret);
        if (!isFirst)
        {
            backchannel.AddLogger(_ => heard);
        }

        await SourceOf(Own(services.BuildServiceProvider())).GetAsync(Cancelled);

        Assert.Equal(["/auth/login"], heard.Paths);
    }

    private sealed class Heard : IHttpClientLogger
    {
        public List<string> Paths { get; } = [];

        public object? LogRequestStart(HttpRequestMessage request)
        {
            Paths.Add(request.RequestUri!.AbsolutePath);
            return null;
        }

        public void LogRequestStop(object? context, HttpRequestMessage request, HttpResponseMessage response, TimeSpan elapsed)
        {
        }

        public void LogRequestFailed(object? context, HttpRequestMessage request, HttpResponseMessage? response, Exception exception, TimeSpan elapsed)
        {
        }
    }

    private sealed class Listed(List<string> sent, List<string>? asked = null) : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Add(request.RequestUri!.AbsolutePath);
            asked?.Add($"{request.Version} {request.VersionPolicy} {request.Headers.UserAgent}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
