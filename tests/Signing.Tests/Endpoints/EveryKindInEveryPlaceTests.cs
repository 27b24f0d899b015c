using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>Six texts that prove something, in each of the seven places where one of them does.</summary>
public sealed class EveryKindInEveryPlaceTests
{
    private const string SharingKey = "the sharing key, long enough";

    private static readonly CredentialFormat Format = new("sgn");
    private static readonly string ApiToken = Format.CreateApiToken("live");
    private static readonly string Secret = Format.CreateSecret("live");
    private static readonly string Key = Format.CreateKey("live");

    [Fact]
    public async Task Each_is_accepted_in_its_own_place_and_refused_in_every_other()
    {
        await using TokenApi api = await StartAsync();
        (string access, string refresh) = TokenApi.TokensOf(await LogInAsync(api, Secret));
        (string Kind, string Text)[] kinds = [("access", access), ("refresh", refresh), ("api token", ApiToken), ("secret", Secret), ("key", Key), ("sharing key", SharingKey)];

        // Refreshing comes last, because it is the one that uses something up.
        (string Place, string Kind, Func<string, Task<bool>> IsAccepted)[] places =
        [
            ("the scheme of access tokens", "access", async text => (await api.GetAsync(text)).Status == 200),
            ("the scheme of ApiTokens", "api token", async text => (await api.GetAsync(text, "/api-token")).Status == 200),
            ("client_secret", "secret", async text => (await LogInAsync(api, text)).Status == 200),
            ("Basic", "secret", async text => (await api.FormAsync("/auth/token", "grant_type=client_credentials", ("Authorization", TokenApi.Basic(Key, text)))).Status == 200),
            ("client_id", "key", async text => (await api.JsonAsync("/auth/login", new { client_id = text, client_secret = Secret })).Status == 200),
            ("sharing_key", "sharing key", async text => (await LogInAsync(api, Secret, text)).Status == 200),
            ("refresh_token", "refresh", async text => (await RefreshAsync(api, text)).Status == 200),
        ];

        foreach ((string place, string own, Func<string, Task<bool>> isAccepted) in places)
        {
            foreach ((string kind, string text) in kinds)
            {
                Assert.True(await isAccepted(text) == (kind == own), $"{kind} as {place}");
            }
        }

        Assert.DoesNotContain(api.Host.Log.Alarms, line => line.Text.Length > 0);
    }

    [Fact]
    public async Task A_token_with_any_one_character_changed_opens_nothing()
    {
        await using TokenApi api = await StartAsync();
        (string access, string refresh) = TokenApi.TokensOf(await LogInAsync(api, Secret));

        foreach ((string text, Func<string, Task<RawAnswer>> send) in ((string, Func<string, Task<RawAnswer>>)[])
            [(access, text => api.GetAsync(text)), (ApiToken, text => api.GetAsync(text, "/api-token")), (refresh, text => RefreshAsync(api, text))])
        {
            for (int i = 0; i < text.Length; i++)
            {
                string changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
                Assert.InRange((await send(changed)).Status, 400, 401);
            }

            Assert.Equal(200, (await send(text)).Status);
        }
    }

    private static Task<RawAnswer> LogInAsync(TokenApi api, string secret, string? sharingKey = null) =>
        api.JsonAsync("/auth/login", new { client_id = Key, client_secret = secret, sharing_key = sharingKey });

    private static Task<RawAnswer> RefreshAsync(TokenApi api, string refreshToken) =>
        api.JsonAsync("/auth/refresh", new { refresh_token = refreshToken, client_id = Key, client_secret = Secret });

    private static Task<TokenApi> StartAsync() => TokenApi.StartAsync(new TokenApiSettings
    {
        Configuration = new LiveConfiguration($$"""
            { "Signing": {
                "Credentials": [ { "Key": "{{Key}}", "Secret": "{{Secret}}", "Workspace": "guest" } ],
                "ApiTokens": [ { "Token": "{{ApiToken}}", "Workspace": "guest" } ],
                "SharingKeys": [ { "Key": "{{SharingKey}}", "Workspace": "host", "GranteeWorkspace": "guest" } ] } }
            """),
        Endpoints = options => (options.RequestsPerAddress, options.RequestsPerClient) = (0, 0),
        Schemes = authentication => authentication.AddApiToken(),
        Map = app => app.MapGet("/api-token", [Authorize(AuthenticationSchemes = "ApiToken")] () => "open"),
    });
}
