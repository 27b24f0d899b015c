using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>The token endpoints beside what hosts put around them.</summary>
public sealed class CompositionTests
{
    private const string WellKnown = "/.well-known/oauth-authorization-server";

    private static readonly (string Name, string Value) Basic = ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret));

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Content_that_the_hosts_decompression_cannot_read_is_a_400(string encoding)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Build = builder => builder.Services.AddRequestDecompression(),
            Before = app => app.UseRequestDecompression(),
        });

        RawAnswer json = await api.SendAsync("/auth/login", "application/json", "not compressed at all", Basic, ("Content-Encoding", encoding));
        RawAnswer form = await api.FormAsync("/auth/token", "grant_type=client_credentials", Basic, ("Content-Encoding", encoding));

        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(json));
        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(form));
    }

    [Fact]
    public async Task A_form_that_a_middleware_has_read_before_counts_as_it_was_sent()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Before = app => app.UseHttpMethodOverride(new HttpMethodOverrideOptions { FormFieldName = "_method" }),
        });

        RawAnswer whole = await api.FormAsync("/auth/token", "grant_type=client_credentials", Basic);
        RawAnswer twice = await api.FormAsync("/auth/token", "grant_type=client_credentials&client_id=a&client_id=b", Basic);

        Assert.Equal(200, whole.Status);
        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(twice));
    }

    [Fact]
    public async Task Of_two_mappings_the_metadata_describes_the_first()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Map = app => app.MapTokenEndpoints("/older/auth", options => options.Routes.Revoke = null) });

        RawAnswer answer = await GetAsync(api, $"{WellKnown}/auth");

        Assert.True(answer.Status == 200, answer.ToString());
        Assert.Equal("https://api.example.com/auth/revoke", TokenApi.Member(answer, "revocation_endpoint"));
        Assert.Equal(200, (await api.JsonAsync("/older/auth/login", new { }, Basic)).Status);
    }

    [Fact]
    public async Task The_metadata_of_endpoints_in_a_group_stands_where_clients_ask_for_it()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddSigningTokens(options =>
        {
            options.Issuer = new Uri("https://api.example.com/v1/auth");
            options.AllowUnprotectedKeyRing = true;
        });
        await using WebApplication app = builder.Build();
        app.MapGroup("/v1").MapTokenEndpoints();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        string metadata = await client.GetStringAsync($"{WellKnown}/v1/auth", TestContext.Current.CancellationToken);

        Assert.Contains("\"token_endpoint\":\"https://api.example.com/v1/auth/token\"", metadata);
    }

    [Fact]
    public async Task A_disk_that_is_full_for_longer_than_the_window_ends_no_login()
    {
        string directory = Directory.CreateTempSubdirectory("signing-full-").FullName;
        var clock = new ManualTimeProvider();
        var disk = new TracingDisk();
        using (JournalGrantStore store = JournalGrantStore.Open(Path.Combine(directory, "grants.journal"), 1000, clock, NullLogger.Instance, disk))
        {
            await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Clock = clock, Build = builder => builder.Services.AddSingleton<IGrantStore>(store) });
            (_, string refresh) = await api.LogInAsync();
            disk.Fail("write");
            RawAnswer first = await api.RefreshAsync(refresh);
            clock.Advance(TimeSpan.FromHours(1));
            RawAnswer second = await api.RefreshAsync(refresh);
            disk.Fail(null);

            RawAnswer third = await api.RefreshAsync(refresh);

            Assert.Equal((503, 503), (first.Status, second.Status));
            Assert.True(third.Status == 200, third.ToString());
            Assert.Equal("900", TokenApi.Member(third, "expires_in"));
            Assert.Equal(200, (await api.GetAsync(TokenApi.TokensOf(third).Access)).Status);
        }

        Directory.Delete(directory, recursive: true);
    }

    private static Task<RawAnswer> GetAsync(TokenApi api, string path)
    {
        RequestDraft draft = api.Host.Draft("GET", path);
        draft.Signed = false;
        return api.Host.SendAsync(draft);
    }
}
