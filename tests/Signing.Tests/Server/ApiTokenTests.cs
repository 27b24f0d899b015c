using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>The scheme of ApiTokens, over Kestrel, beside the signatures and a foreign scheme.</summary>
public sealed class ApiTokenTests
{
    private const string KeyPair = $$"""{ "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Application": "app_1", "Workspace": "ws_1" }""";

    private static readonly CredentialFormat Format = new("sgn");
    private static readonly string Token = Format.CreateApiToken("live");

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer   {0}")]
    [InlineData("X-API-Key", "{0}")]
    public async Task A_known_token_is_its_holder_with_the_claims_that_a_signature_gives(string header, string value)
    {
        await using ApiHost host = await StartAsync(
            """{ "Token": "TOKEN", "Id": "crd_7", "Application": "app_1", "Workspace": "ws_1", "Environment": "live", "Scopes": "orders.read orders.write" }""",
            options => options.Header = header);

        RawAnswer answer = await host.SendAsync(Draft(host, header, string.Format(value, Token)));

        Assert.Equal("key_id=crd_7 credential_id=crd_7 application_id=app_1 workspace_id=ws_1 environment=live scope=orders.read scope=orders.write", answer.Text);
        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl")]
    [InlineData("Authorization", "Basic c2duX3Rva2VuXw==")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "sgn_token_live_x")]
    [InlineData("Authorization", "Digest sgn_token_live_x")]
    [InlineData("Authorization", "Bearersgn_token_live_x")]
    [InlineData("Authorization", "Bearer acme_token_live_x")]
    [InlineData("Authorization", "Bearer sgn_tokens_live_x")]
    [InlineData("X-API-Key", "sgn_token_live_x")]
    public async Task What_does_not_begin_as_ours_is_as_if_it_were_not_there(string? header, string? value)
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", options => options.Realm = "orders");

        RawAnswer answer = await host.SendAsync(Draft(host, header, value));

        Assert.Equal((401, "missing_token", "Bearer realm=\"orders\""), (answer.Status, answer.Code, answer["WWW-Authenticate"]));
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    public async Task A_typing_error_is_refused_before_any_look_up()
    {
        var tokens = new CountingTokens();
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", build: builder => builder.Services.AddSingleton<IApiTokenSource>(tokens));
        string typo = Token[..^8] + (Token[^8] == 'a' ? 'b' : 'a') + Token[^7..];

        RawAnswer wrong = await host.SendAsync(Draft(host, "Authorization", $"Bearer {typo}"));
        int lookUps = tokens.LookUps;
        RawAnswer unknown = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Format.CreateApiToken("live")}"));

        Assert.Equal((401, "malformed_token"), (wrong.Status, wrong.Code));
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The value is not a token of the kind that belongs here, or has a typing error.\", code=\"malformed_token\"",
            wrong["WWW-Authenticate"]);
        Assert.Equal((0, 1), (lookUps, tokens.LookUps));
        Assert.Equal((401, "invalid_credential"), (unknown.Status, unknown.Code));
    }

    [Theory]
    [InlineData("\"Status\": \"suspended\"", "suspended")]
    [InlineData("\"Status\": \"revoked\"", "revoked")]
    [InlineData("\"Expires\": \"2030-01-01T00:00:00Z\"", "expired")]
    [InlineData("\"NotBefore\": \"2031-01-01T00:00:00Z\"", "not_yet_valid")]
    [InlineData("\"Environment\": \"test\"", "environment_mismatch")]
    [InlineData("\"Workspace\": \"closed\"", "workspace_disabled")]
    [InlineData("\"Application\": \"stopped\"", "application_suspended")]
    public async Task The_holder_learns_why_a_token_is_refused_in_a_custom_header_too(string property, string code)
    {
        await using ApiHost host = await StartAsync($$"""{ "Token": "TOKEN", {{property}} }""", options =>
        {
            options.Header = "X-API-Key";
            options.Environment = code == "environment_mismatch" ? "live" : null;
        });

        RawAnswer answer = await host.SendAsync(Draft(host, "X-API-Key", Token));

        Assert.Equal((401, code), (answer.Status, answer.Code));
        Assert.StartsWith("Bearer error=\"invalid_token\", error_description=\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.EndsWith($"\", code=\"{code}\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-API-Key", "")]
    public async Task The_answer_to_a_token_is_kept_from_shared_caches(string header, string before)
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", options => options.Header = header);

        RawAnswer answer = await host.SendAsync(Draft(host, header, before + Token));

        Assert.Equal((200, "private"), (answer.Status, answer["Cache-Control"]));
    }

    [Theory]
    [InlineData("suspended", "suspended")]
    [InlineData("revoked", "revoked")]
    public async Task A_long_lived_token_ends_with_its_parent_on_the_next_request(string status, string code)
    {
        LiveConfiguration configuration = Configuration($$"""{ "Token": "TOKEN", "Parent": "{{ApiHost.Key}}" }""");
        await using ApiHost host = await StartAsync(configuration);

        RawAnswer before = await host.SendAsync(Draft(host));
        configuration.Replace(Json($$"""{ "Token": "TOKEN", "Parent": "{{ApiHost.Key}}" }""", KeyPair.Replace(" }", $", \"Status\": \"{status}\" }}", StringComparison.Ordinal)));
        RawAnswer after = await host.SendAsync(Draft(host));

        Assert.Equal((200, 401, code), (before.Status, after.Status, after.Code));
        Assert.Contains("application_id=app_1 workspace_id=ws_1", before.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_that_nobody_knows_any_more_has_ended_its_tokens()
    {
        var book = new CredentialBook();
        await using ApiHost host = await StartAsync(
            $$"""{ "Token": "TOKEN", "Parent": "{{ApiHost.Key}}" }""", build: builder => builder.Services.AddSingleton<ICredentialSource>(book));

        Assert.Equal("revoked", (await host.SendAsync(Draft(host))).Code);
        book.Cached = false;
        Assert.Equal("revoked", (await host.SendAsync(Draft(host))).Code);
        book.Set(new Credential(ApiHost.Key));
        Assert.Equal(200, (await host.SendAsync(Draft(host))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_cannot_answer_is_our_fault_and_not_the_caller_s(bool cached)
    {
        var tokens = new CountingTokens { Cached = cached, Failure = new InvalidOperationException("The database is away.") };
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", build: builder => builder.Services.AddSingleton<IApiTokenSource>(tokens));

        RawAnswer answer = await host.SendAsync(Draft(host));

        Assert.Equal((503, "credential_store_unavailable"), (answer.Status, answer.Code));
        Assert.NotNull(answer["Retry-After"]);
        Assert.Null(answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task A_store_that_is_registered_for_KeyPairs_is_asked_for_ApiTokens_too()
    {
        var store = new StoreOfBoth();
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", build: builder => builder.Services.AddSingleton<ICredentialSource>(store));

        Assert.Equal("key_id=crd_store credential_id=crd_store", (await host.SendAsync(Draft(host))).Text);
    }

    [Fact]
    public async Task A_source_that_has_to_wait_is_waited_for()
    {
        var tokens = new CountingTokens { Cached = false };
        tokens.Known[TokenHash.Of(Token)] = new Credential("crd_9") { Kind = CredentialKind.ApiToken };
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", build: builder => builder.Services.AddSingleton<IApiTokenSource>(tokens));

        Assert.Equal("key_id=crd_9 credential_id=crd_9", (await host.SendAsync(Draft(host))).Text);
    }

    [Fact]
    public async Task A_missing_scope_is_a_403_that_names_it()
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN", "Scopes": "orders.read" }""", map: app =>
            app.MapGet("/write", [Authorize("write")] () => "written"), build: builder => builder.Services.AddAuthorizationBuilder()
                .AddPolicy("write", policy => policy.AddAuthenticationSchemes("ApiToken").RequireClaim("scope", "orders.write")));

        RawAnswer answer = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/write"));

        Assert.Equal((403, "scope_missing"), (answer.Status, answer.Code));
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"orders.write\"", answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task A_foreign_bearer_scheme_works_beside_ours_and_ours_beside_it()
    {
        await using ApiHost host = await StartAsync(
            """{ "Token": "TOKEN" }""",
            schemes: authentication => authentication.AddScheme<AuthenticationSchemeOptions, ForeignBearerHandler>(ForeignBearerHandler.SchemeName, null),
            map: app => app.MapGet("/either", [Authorize(AuthenticationSchemes = "ApiToken,Foreign")] (ClaimsPrincipal user) => user.Identity!.Name));

        RawAnswer ours = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/either"));
        RawAnswer foreign = await host.SendAsync(Draft(host, "Authorization", $"Bearer {ForeignBearerHandler.Token}", "/either"));
        RawAnswer neither = await host.SendAsync(Draft(host, "Authorization", "Bearer nonsense", "/either"));

        Assert.Equal(TokenHash.Of(Token).ToString()[..16], ours.Text);
        Assert.Equal("a user", foreign.Text);
        Assert.Equal(401, neither.Status);
        Assert.Equal(["Bearer", "Bearer realm=\"foreign\""], neither.All("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/both")]
    [InlineData("/signature")]
    public async Task A_signature_and_an_ApiToken_together_are_ambiguous_at_every_door(string target)
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""");
        RequestDraft both = host.Draft("GET", target).With("Authorization", $"Bearer {Token}");

        RawAnswer answer = await host.SendAsync(both);

        Assert.Equal(401, answer.Status);
        Assert.Contains(answer.All("WWW-Authenticate"), challenge => challenge.Contains("\"ambiguous_credentials\"", StringComparison.Ordinal));
        Assert.Equal("ambiguous_credentials", answer.Code);
    }

    [Fact]
    public async Task Of_what_several_schemes_have_to_say_the_most_telling_is_in_the_body()
    {
        var tokens = new CountingTokens();
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", build: builder => builder.Services.AddSingleton<IApiTokenSource>(tokens), map: app =>
        {
            app.MapGet("/tokens-first", [Authorize(AuthenticationSchemes = "ApiToken,Signature")] (HttpContext context) => Claims(context));
            app.MapGet("/forbidden", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("ApiToken", "Signature").RequireClaim("scope", "none"));
        });
        RequestDraft unsigned = Draft(host, null, null, "/both");
        tokens.Known[TokenHash.Of(Token)] = new Credential("crd_9") { Status = StoredStatus.Suspended };

        RawAnswer nothing = await host.SendAsync(unsigned);
        RawAnswer last = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/both"));
        RawAnswer first = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/tokens-first"));
        tokens.Known[TokenHash.Of(Token)] = new Credential("crd_9");
        RawAnswer forbidden = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/forbidden"));
        tokens.Failure = new InvalidOperationException("The database is away.");
        RawAnswer away = await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/tokens-first"));

        Assert.Equal((401, "missing_signature"), (nothing.Status, nothing.Code));
        Assert.Equal((401, "suspended", "suspended"), (last.Status, last.Code, first.Code));
        Assert.Equal((403, "Bearer error=\"insufficient_scope\", scope=\"none\""), (forbidden.Status, forbidden["WWW-Authenticate"]));
        Assert.Equal((503, "credential_store_unavailable"), (away.Status, away.Code));
    }

    [Fact]
    public async Task Either_alone_is_accepted_where_both_are_asked_for()
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN", "Id": "crd_7" }""");

        Assert.Contains("credential_id=crd_7", (await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/both"))).Text, StringComparison.Ordinal);
        Assert.Contains("key_id=key-one", (await host.SendAsync(host.Draft("GET", "/both"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_for_somebody_else_does_not_make_a_token_ambiguous()
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", signature: options => options.Policy = new VerificationPolicy { Tag = "ours" });
        RequestDraft proxied = host.Draft("GET", "/token").With("Authorization", $"Bearer {Token}");
        proxied.MoreParameters = ";tag=\"of a proxy\"";

        Assert.Equal(200, (await host.SendAsync(proxied)).Status);
    }

    [Fact]
    public async Task Two_tokens_are_ambiguous_wherever_they_stand()
    {
        await using ApiHost host = await StartAsync(
            """{ "Token": "TOKEN" }""",
            schemes: authentication => authentication.AddApiToken("Legacy", options => options.Header = "X-API-Key"));

        RawAnswer twice = await host.SendAsync(Draft(host).With("Authorization", $"Bearer {Token}"));
        RawAnswer elsewhere = await host.SendAsync(Draft(host).With("X-API-Key", Token));
        RawAnswer beside = await host.SendAsync(Draft(host).With("Authorization", $"Bearer {ForeignBearerHandler.Token}"));

        Assert.All([twice, elsewhere, beside], answer => Assert.Equal((401, "ambiguous_credentials"), (answer.Status, answer.Code)));
    }

    [Fact]
    public async Task Neither_a_refused_nor_an_accepted_token_is_ever_logged()
    {
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN", "Id": "crd_7" }""");
        string stranger = Format.CreateApiToken("live");

        await host.SendAsync(Draft(host));
        await host.SendAsync(Draft(host, "Authorization", $"Bearer {stranger}"));

        string log = string.Join('\n', host.Log.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.Contains("ApiToken: the request is verified, key crd_7", log, StringComparison.Ordinal);
        Assert.Contains("ApiToken: the request is refused, unknown_key", log, StringComparison.Ordinal);
        Assert.All([Token, stranger, Token[^20..], stranger[^20..]], secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_user_is_shared_and_closed_and_an_event_of_the_host_is_handed_a_copy()
    {
        var users = new List<ClaimsPrincipal>();
        await using ApiHost host = await StartAsync("""{ "Token": "TOKEN" }""", map: app =>
            app.MapGet("/user", [Authorize(AuthenticationSchemes = "ApiToken")] (HttpContext context) => users.Add(context.User)));

        await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/user"));
        await host.SendAsync(Draft(host, "Authorization", $"Bearer {Token}", "/user"));

        Assert.Same(users[0].Identity, users[1].Identity);
        Assert.Throws<InvalidOperationException>(() => ((ClaimsIdentity)users[0].Identity!).AddClaim(new Claim("a", "b")));
    }

    [Theory]
    [InlineData("Header", "X API Key", "orders", "sgn")]
    [InlineData("Header", "", "orders", "sgn")]
    [InlineData("Realm", "X-API-Key", "caf\u00e9", "sgn")]
    [InlineData("Prefix", "X-API-Key", "orders", "Sgn_")]
    public async Task A_wrong_option_stops_the_start_and_is_named(string name, string header, string realm, string prefix)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("""{ "Token": "TOKEN" }""", options =>
        {
            options.Header = header;
            options.Realm = realm;
            options.Prefix = prefix;
        }));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_configuration_cannot_have_stops_the_start() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("""{ "Token": "short" }"""));

    private static string Json(string token, string keyPair = KeyPair) => $$"""
        { "Signing": {
            "Workspaces": { "ws_1": {}, "closed": { "Enabled": false } },
            "Applications": { "app_1": { "Name": "one" }, "stopped": { "Status": "suspended" } },
            "Credentials": [ {{keyPair}} ],
            "ApiTokens": [ {{token.Replace("TOKEN", Token, StringComparison.Ordinal)}} ] } }
        """;

    private static LiveConfiguration Configuration(string token) => new(Json(token));

    private static Task<ApiHost> StartAsync(
        string token,
        Action<ApiTokenOptions>? configure = null,
        Action<AuthenticationBuilder>? schemes = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        Action<SignatureOptions>? signature = null) => StartAsync(Configuration(token), configure, schemes, build, map, signature);

    private static Task<ApiHost> StartAsync(
        LiveConfiguration configuration,
        Action<ApiTokenOptions>? configure = null,
        Action<AuthenticationBuilder>? schemes = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        Action<SignatureOptions>? signature = null) => ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            CredentialsFromConfiguration = true,
            Signature = signature ?? (static _ => { }),
            Build = builder =>
            {
                ((IConfigurationBuilder)builder.Configuration).Add(configuration);
                build?.Invoke(builder);
            },
            Schemes = authentication =>
            {
                authentication.AddApiToken(configure ?? (static _ => { }));
                schemes?.Invoke(authentication);
            },
            Map = app =>
            {
                app.MapGet("/token", [Authorize(AuthenticationSchemes = "ApiToken")] (HttpContext context) => Claims(context));
                app.MapGet("/both", [Authorize(AuthenticationSchemes = "Signature,ApiToken")] (HttpContext context) => Claims(context));
                app.MapGet("/signature", [Authorize(AuthenticationSchemes = "Signature")] (HttpContext context) => Claims(context));
                map?.Invoke(app);
            },
        });

    private static RequestDraft Draft(ApiHost host) => Draft(host, "Authorization", $"Bearer {Token}");

    private static RequestDraft Draft(ApiHost host, string? header, string? value, string target = "/token")
    {
        RequestDraft draft = host.Draft("GET", target);
        draft.Signed = false;
        return header is null ? draft : draft.With(header, value!);
    }

    private static string Claims(HttpContext context) => string.Join(' ', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}"));

    private sealed class CountingTokens : IApiTokenSource
    {
        public bool Cached { get; init; } = true;

        public Exception? Failure { get; set; }

        public int LookUps { get; private set; }

        public Dictionary<TokenHash, Credential> Known { get; } = [];

        public bool TryGetCached(in TokenHash hash, out Credential? token)
        {
            token = null;
            return Cached && Find(hash, out token);
        }

        public async ValueTask<Credential?> FindAsync(TokenHash hash, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Find(hash, out Credential? token);
            return token;
        }

        private bool Find(TokenHash hash, out Credential? token)
        {
            LookUps++;
            if (Failure is not null)
            {
                throw Failure;
            }

            Known.TryGetValue(hash, out token);
            return true;
        }
    }

    private sealed class StoreOfBoth : ICredentialSource, IApiTokenSource
    {
        public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
        {
            credential = null;
            return true;
        }

        public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult<Credential?>(null);

        public bool TryGetCached(in TokenHash hash, out Credential? token)
        {
            token = hash == TokenHash.Of(Token) ? new Credential("crd_store") { Kind = CredentialKind.ApiToken } : null;
            return true;
        }

        public ValueTask<Credential?> FindAsync(TokenHash hash, CancellationToken cancellationToken) => ValueTask.FromResult<Credential?>(null);
    }
}
