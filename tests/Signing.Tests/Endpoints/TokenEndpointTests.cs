using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

public sealed class TokenEndpointTests(SharedTokenApi shared) : IClassFixture<SharedTokenApi>
{
    private static readonly (string Name, string Value) Basic = ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_credentials_get_a_refresh_token_only_where_it_is_switched_on(bool switchedOn)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.RefreshTokenWithClientCredentials = switchedOn });

        RawAnswer answer = await api.FormAsync("/auth/token", "grant_type=client_credentials", Basic);

        Assert.Equal((200, switchedOn), (answer.Status, TokenApi.Member(answer, "refresh_token") is not null));
        Assert.Equal(200, (await api.GetAsync(TokenApi.Member(answer, "access_token")!)).Status);
    }

    [Fact]
    public async Task Both_parts_of_Basic_are_form_decoded()
    {
        const string key = "a key: 100 % of it + more";
        const string secret = "sécret: with a colon, % and +";
        await using TokenApi api = await TokenApi.StartAsync();
        api.Host.Credentials.Set(new Credential(key, new CredentialSecret(new SigningKey(key, secret))));

        Assert.Equal(200, (await api.FormAsync("/auth/token", "grant_type=client_credentials", ("Authorization", TokenApi.Basic(key, secret)))).Status);
        Assert.Equal(200, (await api.FormAsync("/auth/token", $"grant_type=client_credentials&client_id={Uri.EscapeDataString(key)}", ("Authorization", TokenApi.Basic(key, secret)))).Status);
        Assert.Equal(200, (await api.FormAsync("/auth/token", $"grant_type=client_credentials&client_id={Uri.EscapeDataString(key)}&client_secret={Uri.EscapeDataString(secret)}")).Status);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic ????")]
    [InlineData("Basic a2V5LW9uZQ==")]
    [InlineData("Basic OnNlY3JldA==")]
    [InlineData("Basic //79Og==")]
    [InlineData("basic a2V5LW9u ZTp0aGUgc2VjcmV0IG9mIGtleSBvbmUsIGxvbmcgZW5vdWdo")]
    public async Task Basic_that_is_none_is_a_401(string authorization)
    {
        RawAnswer answer = await shared.Api.FormAsync("/auth/token", "grant_type=client_credentials", ("Authorization", authorization));

        Assert.Equal((401, "invalid_client", null), TokenApi.ErrorOf(answer));
        Assert.StartsWith("Basic ", answer["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("grant_type=password", "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials", "invalid_request")]
    [InlineData("grant_type=client_credentials&x=1&x=2", "invalid_request")]
    [InlineData("grant_type=refresh_token", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%22", "invalid_scope")]
    [InlineData("grant_type=client_credentials&scope=unknown", "invalid_scope")]
    public async Task A_form_that_asks_for_nothing_we_have_is_a_400(string form, string error)
    {
        Assert.Equal((400, error, null), TokenApi.ErrorOf(await shared.Api.FormAsync("/auth/token", form, Basic)));
    }

    [Theory]
    [InlineData("/auth/login", "application/x-www-form-urlencoded", "client_id=a")]
    [InlineData("/auth/token", "application/json", "{}")]
    [InlineData("/auth/login", "application/json; charset=utf-16", "{}")]
    [InlineData("/auth/login", "nonsense", "{}")]
    [InlineData("/auth/login", "text/plain", "{}")]
    [InlineData("/auth/token", "text/plain", "grant_type=client_credentials")]
    [InlineData("/auth/token", "application/json", "grant_type=client_credentials")]
    [InlineData("/auth/login", "application/json", "")]
    [InlineData("/auth/login", "application/json", "[]")]
    [InlineData("/auth/login", "application/json", "\"text\"")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":1}")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":{}}")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":\"a\",\"client_id\":\"b\"}")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":\"a\"}{}")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":\"a\"")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":\"\\ud800\"}")]
    [InlineData("/auth/login", "application/json", "{\"client_id\":\"a\",}")]
    [InlineData("/auth/login", "application/json", "{/* */}")]
    public async Task Malformed_content_is_a_400_of_the_RFC(string path, string contentType, string content)
    {
        RawAnswer answer = await shared.Api.SendAsync(path, contentType, content, Basic);

        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(answer));
        Assert.Equal("application/json", answer["Content-Type"]);
    }

    [Theory]
    [InlineData("/auth/login", "application/json")]
    [InlineData("/auth/token", "application/x-www-form-urlencoded")]
    public async Task Content_that_is_not_UTF_8_or_too_long_is_a_400(string path, string contentType)
    {
        TokenApi api = shared.Api;
        RequestDraft latin = api.Draft(path, contentType, "", signed: false, Basic);
        latin.Body = path == "/auth/login" ? [.. "{\"x\":\""u8, 0xE9, .. "\"}"u8] : [.. "grant_type=client_credentials&x="u8, 0xE9];
        RequestDraft announced = api.Draft(path, contentType, new string(' ', 16 * 1024 + 1), signed: false, Basic);
        RequestDraft chunked = api.Draft(path, contentType, new string(' ', 64 * 1024), signed: false, Basic);
        chunked.ChunkBytes = 1000;

        foreach (RequestDraft draft in new[] { latin, announced, chunked })
        {
            RawAnswer answer = await api.Host.SendAsync(draft);
            Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(answer));
            Assert.Equal(draft != latin, TokenApi.Member(answer, "error_description")!.Contains("longer", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Unknown_members_are_ignored_and_null_ones_absent()
    {
        await using TokenApi api = await TokenApi.StartAsync();

        RawAnswer answer = await api.SendAsync("/auth/login", "application/json; charset=UTF-8", """{"audience":"x","scope":null}""", Basic);

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("GET", "/auth/login")]
    [InlineData("GET", "/auth/token")]
    [InlineData("PUT", "/auth/revoke")]
    public async Task Only_POST_changes_anything(string method, string path)
    {
        TokenApi api = shared.Api;
        RequestDraft draft = api.Host.Draft(method, path);
        draft.Signed = false;

        // The host's own endpoint for every path demands a signature.
        Assert.Equal(401, (await api.Host.SendAsync(draft)).Status);
    }

    [Fact]
    public async Task The_metadata_comes_from_configuration_and_never_from_Host()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        RequestDraft draft = api.Host.Draft("GET", "/.well-known/oauth-authorization-server/auth");
        draft.Signed = false;
        draft.Authority = "evil.example";

        RawAnswer answer = await api.Host.SendAsync(draft);

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """
            {"issuer":"https://api.example.com/auth",
            "token_endpoint":"https://api.example.com/auth/token","token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],
            "grant_types_supported":["client_credentials","refresh_token"],"response_types_supported":[],
            "revocation_endpoint":"https://api.example.com/auth/revoke","revocation_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],
            "introspection_endpoint":"https://api.example.com/auth/introspect","introspection_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"]}
            """.ReplaceLineEndings(""),
            answer.Text);
    }

    [Theory]
    [InlineData("https://api.example.com", "/.well-known/oauth-authorization-server", "https://api.example.com/auth/token")]
    [InlineData("https://api.example.com/", "/.well-known/oauth-authorization-server", "https://api.example.com/auth/token")]
    [InlineData("https://api.example.com/v1/auth", "/.well-known/oauth-authorization-server/v1/auth", "https://api.example.com/v1/auth/token")]
    public async Task The_addresses_follow_the_issuer(string issuer, string route, string token)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Tokens = options => options.Issuer = new Uri(issuer) });
        RequestDraft draft = api.Host.Draft("GET", route);
        draft.Signed = false;

        RawAnswer answer = await api.Host.SendAsync(draft);

        Assert.Equal((issuer, token), (TokenApi.Member(answer, "issuer"), TokenApi.Member(answer, "token_endpoint")));
    }

    [Fact]
    public async Task Routes_move_and_go_and_the_builder_covers_all_that_is_mapped()
    {
        var marker = new object();
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Map = app => app.MapTokenEndpoints("/other", options =>
            {
                options.Routes.Login = "/sign-in";
                options.Routes.Introspect = null;
            }).WithMetadata(marker),
        });

        RawAnswer moved = await api.JsonAsync("/other/sign-in", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret });
        string[] covered = [.. api.Host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.Contains(marker)).OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText!).Order(StringComparer.Ordinal)];

        Assert.Equal(200, moved.Status);
        Assert.Equal(["/.well-known/oauth-authorization-server/auth", "/other/refresh", "/other/revoke", "/other/sign-in", "/other/token"], covered);
    }

    [Fact]
    public async Task Wrong_options_and_a_missing_issuer_are_refused_when_the_endpoints_are_mapped()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(() => TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.RequestsPerClient = -1 }));
        await Assert.ThrowsAsync<OptionsValidationException>(() => TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.SignatureScheme = "" }));
        await Assert.ThrowsAsync<OptionsValidationException>(() => TokenApi.StartAsync(new TokenApiSettings { Tokens = options => options.Issuer = null }));
        WebApplicationBuilder bare = ApiHost.CreateBuilder();
        await using WebApplication app = bare.Build();
        Assert.Throws<InvalidOperationException>(() => app.MapTokenEndpoints());
        WebApplicationBuilder doorOnly = ApiHost.CreateBuilder();
        doorOnly.Services.AddAuthentication().AddAccessToken();
        await using WebApplication closed = doorOnly.Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_are_counted_together_and_others_apart()
    {
        using var limits = new TokenLimits(new TokenEndpointOptions { RequestsPerAddress = 1 });

        Assert.Null(limits.Enter(From("2001:db8:1:2::1")));
        Assert.NotNull(limits.Enter(From("2001:db8:1:2:ffff:ffff:ffff:ffff")));
        Assert.Null(limits.Enter(From("192.0.2.1")));
        Assert.NotNull(limits.Enter(From("::ffff:192.0.2.1")));
        Assert.True(Enumerable.Range(0, 64).Count(i => limits.Enter(From($"2001:db8:2:{i:x}::1")) is null) > 56);
    }

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }
}
