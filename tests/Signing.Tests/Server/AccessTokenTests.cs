using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>The scheme of access tokens, alone and together with a signature.</summary>
public sealed class AccessTokenTests
{
    private const string OtherKey = "key-two";
    private const string OtherSecret = "the secret of key two, long enough";
    private const string Claims = "key_id=key-one credential_id=key-one application_id=app_1 workspace_id=ws_1 environment=live scope=orders.read";

    [Theory]
    [InlineData("Authorization")]
    [InlineData("auth")]
    public async Task An_access_token_is_its_client_with_the_scopes_of_the_login(string header)
    {
        await using TokenApi api = await StartAsync(header);
        string token = await LogInAsync(api);

        RawAnswer answer = await api.GetAsync(token, header: header);

        Assert.Equal((200, Claims), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("auth")]
    public async Task An_expired_token_is_told_so_in_whatever_header_it_came(string header)
    {
        await using TokenApi api = await StartAsync(header);
        string token = await LogInAsync(api);
        api.Host.Clock.Advance(TimeSpan.FromMinutes(16));

        RawAnswer answer = await api.GetAsync(token, header: header);

        Assert.Equal((401, "expired"), (answer.Status, answer.Code));
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The token has expired.\", code=\"expired\"", answer["WWW-Authenticate"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    [Fact]
    public async Task A_refresh_token_a_changed_token_and_a_foreign_one_are_refused_each_in_its_way()
    {
        await using TokenApi api = await StartAsync("Authorization");
        (string access, string refresh) = await api.LogInAsync();

        Assert.Equal((401, "malformed_token"), CodeOf(await api.GetAsync(refresh)));
        Assert.Equal((401, "malformed_token"), CodeOf(await api.GetAsync(access + "A")));
        Assert.Equal((401, "invalid_credential"), CodeOf(await api.GetAsync(access[..^1] + (access[^1] == 'A' ? 'B' : 'A'))));
        Assert.Equal((401, "missing_token"), CodeOf(await api.GetAsync("xyz" + access[3..])));
        Assert.Equal((401, "missing_token"), CodeOf(await api.GetAsync(ForeignBearerHandler.Token)));
    }

    [Theory]
    [InlineData(Door.Scheme, "/token")]
    [InlineData(Door.Scheme, "/both")]
    [InlineData(Door.Scheme, "/signature")]
    [InlineData(Door.Middleware, "/claims")]
    public async Task A_signature_and_a_token_of_one_client_are_one_credential_and_the_user_is_the_token_s(Door door, string target)
    {
        await using TokenApi api = await StartAsync("Authorization", door);
        string token = await LogInAsync(api);

        RawAnswer answer = await api.Host.SendAsync(Both(api, target, token));

        Assert.True(answer.Status == 200, answer.ToString());
        Assert.Equal(Claims, answer.Text);
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/signature")]
    public async Task A_signature_of_another_client_than_the_token_s_is_ambiguous_and_not_used_up(string target)
    {
        await using TokenApi api = await StartAsync("Authorization");
        RequestDraft draft = Both(api, target, await LogInAsync(api));
        draft.KeyId = OtherKey;
        draft.Secret = OtherSecret;

        RawAnswer first = await api.Host.SendAsync(draft);
        RawAnswer second = await api.Host.SendAsync(draft);

        Assert.All([first, second], answer => Assert.Equal((401, "ambiguous_credentials"), CodeOf(answer)));
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/signature")]
    public async Task Two_tokens_beside_a_signature_are_ambiguous_though_both_are_the_signers(string target)
    {
        await using TokenApi api = await StartAsync("Authorization");
        RequestDraft draft = Both(api, target, await LogInAsync(api)).With("Authorization", $"Bearer {await LogInAsync(api)}");

        Assert.Equal((401, "ambiguous_credentials"), CodeOf(await api.Host.SendAsync(draft)));
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/signature")]
    public async Task A_signature_that_does_not_cover_the_token_s_own_header_is_refused_and_told_to(string target)
    {
        await using TokenApi api = await StartAsync("auth");
        RequestDraft draft = api.GetDraft(target, "auth", await LogInAsync(api), signed: true);

        RawAnswer uncovered = await api.Host.SendAsync(draft);
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"auth\"";
        RawAnswer covered = await api.Host.SendAsync(draft);

        Assert.Equal((401, "insufficient_coverage"), CodeOf(uncovered));
        Assert.Equal("sig=(\"@method\" \"@authority\" \"@path\" \"@query\" \"auth\");created;alg=\"hmac-sha256\"", uncovered["Accept-Signature"]);
        Assert.Equal((200, Claims), (covered.Status, covered.Text));
    }

    [Theory]
    [InlineData(Door.Scheme, "/token")]
    [InlineData(Door.Scheme, "/both")]
    [InlineData(Door.Scheme, "/signature")]
    [InlineData(Door.Middleware, "/claims")]
    public async Task A_token_that_has_ended_is_told_in_spite_of_the_signature_beside_it_which_is_not_used_up(Door door, string target)
    {
        await using TokenApi api = await StartAsync("Authorization", door);
        string token = await LogInAsync(api);
        api.Host.Clock.Advance(TimeSpan.FromMinutes(16));
        RequestDraft draft = Both(api, target, token);

        RawAnswer first = await api.Host.SendAsync(draft);
        RawAnswer second = await api.Host.SendAsync(draft);

        Assert.All([first, second], answer =>
        {
            Assert.Equal(401, answer.Status);
            Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The token has expired.\", code=\"expired\"", answer["WWW-Authenticate"]);
        });
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/both")]
    [InlineData("/signature")]
    public async Task A_signature_that_is_refused_is_told_in_spite_of_the_token_beside_it(string target)
    {
        await using TokenApi api = await StartAsync("Authorization");
        RequestDraft late = Both(api, target, await LogInAsync(api));
        late.Created -= TimeSpan.FromHours(1);

        RawAnswer answer = await api.Host.SendAsync(late);

        Assert.Equal(401, answer.Status);
        Assert.Contains("Signature error=\"too_old\"", answer.All("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_signed_and_tokened_request_is_accepted_once()
    {
        await using TokenApi api = await StartAsync("Authorization");
        RequestDraft draft = Both(api, "/token", await LogInAsync(api));

        Assert.Equal(200, (await api.Host.SendAsync(draft)).Status);
        Assert.Equal((401, "replayed"), CodeOf(await api.Host.SendAsync(draft)));
    }

    [Theory]
    [InlineData("Authorization", "X-API-Key")]
    [InlineData("auth", "Authorization")]
    public async Task An_access_token_and_an_ApiToken_are_ambiguous(string header, string other)
    {
        await using TokenApi api = await StartAsync(header, apiTokenHeader: other);
        string apiToken = new CredentialFormat("sgn").CreateApiToken("live");
        RequestDraft draft = api.GetDraft("/token", header, header == "Authorization" ? $"Bearer {await LogInAsync(api)}" : await LogInAsync(api), signed: false)
            .With(other, other == "Authorization" ? $"Bearer {apiToken}" : apiToken);

        Assert.Equal((401, "ambiguous_credentials"), CodeOf(await api.Host.SendAsync(draft)));
    }

    [Fact]
    public async Task All_three_schemes_and_a_foreign_one_stand_side_by_side()
    {
        await using TokenApi api = await StartAsync("Authorization", map: app =>
            app.MapGet("/any", [Authorize(AuthenticationSchemes = "Signature,AccessToken,ApiToken,Foreign")] (ClaimsPrincipal user) => user.Identity!.Name));
        RequestDraft none = api.Host.Draft("GET", "/any");
        none.Signed = false;

        Assert.Equal(ApiHost.Key, (await api.GetAsync(await LogInAsync(api), "/any")).Text);
        Assert.Equal("a user", (await api.GetAsync(ForeignBearerHandler.Token, "/any")).Text);
        Assert.Equal(ApiHost.Key, (await api.Host.SendAsync(api.Host.Draft("GET", "/any"))).Text);
        RawAnswer refused = await api.Host.SendAsync(none);
        Assert.Equal(401, refused.Status);
        Assert.Equal(["Signature error=\"missing_signature\"", "Bearer", "Bearer realm=\"foreign\""], refused.All("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_missing_scope_is_a_403_that_says_insufficient_scope()
    {
        await using TokenApi api = await StartAsync("auth", map: app => app.MapGet("/write", () => "written")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes("AccessToken").RequireClaim("scope", "orders.write")));

        RawAnswer answer = await api.GetAsync(await LogInAsync(api), "/write", "auth");

        Assert.Equal((403, "scope_missing"), CodeOf(answer));
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"orders.write\"", answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task The_user_of_a_grant_is_built_once_and_anew_when_its_credential_changes()
    {
        await using TokenApi api = await StartAsync("Authorization");
        (string access, _) = await api.LogInAsync();
        string before = (await api.GetAsync(access)).Text;

        api.Host.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))) { Environment = "moved", Scopes = ["orders.read"] });

        Assert.Contains("environment=live", before, StringComparison.Ordinal);
        Assert.Contains("environment=moved", (await api.GetAsync(access)).Text, StringComparison.Ordinal);
    }

    private static RequestDraft Both(TokenApi api, string target, string token) => api.GetDraft(target, "Authorization", $"Bearer {token}", signed: true);

    private static (int Status, string? Code) CodeOf(RawAnswer answer) => (answer.Status, answer.Code);

    private static async Task<string> LogInAsync(TokenApi api) => TokenApi.TokensOf(
        await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret, scope = "orders.read" })).Access;

    private static async Task<TokenApi> StartAsync(string header, Door door = Door.Scheme, string? apiTokenHeader = null, Action<WebApplication>? map = null)
    {
        TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Door = door,
            Access = options => options.Header = header,
            Schemes = authentication =>
            {
                authentication.AddApiToken(options => options.Header = apiTokenHeader ?? "X-API-Key");
                authentication.AddScheme<AuthenticationSchemeOptions, ForeignBearerHandler>(ForeignBearerHandler.SchemeName, null);
            },
            Map = app =>
            {
                app.MapGet("/claims", (ClaimsPrincipal user) => string.Join(' ', user.Claims.Select(claim => $"{claim.Type}={claim.Value}")));
                map?.Invoke(app);
            },
        });
        api.Host.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret)))
        {
            ApplicationId = "app_1",
            WorkspaceId = "ws_1",
            Environment = "live",
            Scopes = ["orders.read", "orders.write"],
        });
        api.Host.Credentials.Set(new Credential(OtherKey, new CredentialSecret(new SigningKey(OtherKey, OtherSecret))));
        return api;
    }
}
