using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

public sealed class LogInTests
{
    [Fact]
    public async Task A_sharing_key_that_nobody_can_look_up_is_not_called_a_wrong_one()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Build = builder => builder.Services.AddSingleton<ISharingKeySource>(new SilentSource()) });

        RawAnswer answer = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret, sharing_key = "the sharing key, long enough" });

        Assert.Equal((503, "credential_store_unavailable"), (answer.Status, TokenApi.Member(answer, "code")));
    }

    [Fact]
    public async Task A_client_logs_in_with_its_secret_and_gets_both_tokens()
    {
        await using TokenApi api = await TokenApi.StartAsync();

        RawAnswer answer = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret });

        Assert.Equal((200, "application/json", "no-store", "no-cache"), (answer.Status, answer["Content-Type"], answer["Cache-Control"], answer["Pragma"]));
        Assert.Equal(("Bearer", "900"), (TokenApi.Member(answer, "token_type"), TokenApi.Member(answer, "expires_in")));
        Assert.StartsWith("sgn_access_", TokenApi.Member(answer, "access_token"), StringComparison.Ordinal);
        Assert.StartsWith("sgn_refresh_", TokenApi.Member(answer, "refresh_token"), StringComparison.Ordinal);
        Assert.Equal("key_id=key-one credential_id=key-one", (await api.GetAsync(TokenApi.TokensOf(answer).Access)).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_logs_in_by_signing_so_that_its_Secret_never_travels(bool named)
    {
        await using TokenApi api = await TokenApi.StartAsync();

        RawAnswer answer = await api.SignedAsync("/auth/login", named ? new { client_id = ApiHost.Key } : new { });

        Assert.True(answer.Status == 200, answer.ToString());
        Assert.Equal(200, (await api.GetAsync(TokenApi.TokensOf(answer).Access)).Status);
    }

    [Fact]
    public async Task A_signed_login_is_claimed_once_where_the_scheme_of_the_host_has_another_name_and_one_store_remembers_for_all()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Build = builder => builder.Services.AddSingleton<IReplayStore>(services => new InMemoryReplayStore(
                new VerificationPolicy(), new ReplayOptions { FloorAtStart = false }, services.GetRequiredService<TimeProvider>())),
            Endpoints = options => options.SignatureScheme = "Logins",
        });

        RawAnswer answer = await api.SignedAsync("/auth/login", new { });

        Assert.True(answer.Status == 200, answer.ToString());
    }

    [Fact]
    public async Task A_client_logs_in_by_signing_at_an_API_that_takes_signatures_nowhere_else()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.SignatureScheme = "Logins" });

        // The scheme is not registered: its replay store begins when the endpoints are mapped.
        RawAnswer answer = await api.SignedAsync("/auth/login", new { });

        Assert.True(answer.Status is 200 or 503, answer.ToString());
    }

    [Fact]
    public async Task A_signed_login_is_accepted_once()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        RequestDraft draft = api.Draft("/auth/login", "application/json", "{}", signed: true);

        RawAnswer first = await api.Host.SendAsync(draft);
        RawAnswer second = await api.Host.SendAsync(draft);

        Assert.Equal(200, first.Status);
        Assert.Equal((401, "invalid_client", "replayed"), TokenApi.ErrorOf(second));
        Assert.Contains("Signature error=\"replayed\"", second.All("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_signed_login_of_another_content_is_refused()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        RequestDraft altered = api.Draft("/auth/login", "application/json", """{"scope":"a"}""", signed: true).With("Content-Digest", RequestDraft.DigestOf("{}"u8.ToArray()));
        RequestDraft undigested = api.Draft("/auth/login", "application/json", "{}", signed: true);
        undigested.WithDigest = false;

        Assert.Equal((401, "invalid_client", "digest_mismatch"), TokenApi.ErrorOf(await api.Host.SendAsync(altered)));
        Assert.Equal((401, "invalid_client", "missing_digest"), TokenApi.ErrorOf(await api.Host.SendAsync(undigested)));
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_told_as_our_clients_read_it()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        RequestDraft late = api.Draft("/auth/login", "application/json", "{}", signed: true);
        late.Created -= TimeSpan.FromHours(1);

        RawAnswer answer = await api.Host.SendAsync(late);

        Assert.Equal((401, "invalid_client", "too_old"), TokenApi.ErrorOf(answer));
        Assert.Equal("Signature error=\"too_old\"", answer["WWW-Authenticate"]);
        Assert.Equal(api.Host.Clock.GetUtcNow().ToString("r"), answer["Date"]);
    }

    [Theory]
    [InlineData("""{"client_id":"key-one","client_secret":"another secret, long enough"}""", "invalid_credential")]
    [InlineData("""{"client_id":"key-one","client_secret":"short"}""", "invalid_credential")]
    [InlineData("""{"client_id":"key-one","client_secret":"the secret of key one, long enough\u0000"}""", "invalid_credential")]
    [InlineData("""{"client_id":"unknown","client_secret":"the secret of key one, long enough"}""", "invalid_credential")]
    [InlineData("""{"client_id":"key-one"}""", null)]
    [InlineData("""{"client_secret":"the secret of key one, long enough"}""", null)]
    [InlineData("""{"client_id":"","client_secret":""}""", null)]
    [InlineData("{}", null)]
    public async Task Whoever_does_not_prove_to_be_the_client_is_refused(string json, string? code)
    {
        await using TokenApi api = await TokenApi.StartAsync();

        RawAnswer answer = await api.SendAsync("/auth/login", "application/json", json);

        Assert.Equal((401, "invalid_client", code), TokenApi.ErrorOf(answer));
        Assert.Equal("Basic realm=\"https://api.example.com/auth\", charset=\"UTF-8\"", answer["WWW-Authenticate"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    [Theory]
    [InlineData(ApiHost.Key, "another secret, long enough")]
    [InlineData("unknown", ApiHost.Secret)]
    public async Task Whoever_signs_as_a_client_that_they_are_not_is_told_the_same_as_whoever_sends_a_wrong_secret(string key, string secret)
    {
        await using TokenApi api = await TokenApi.StartAsync();
        RequestDraft signed = api.Draft("/auth/login", "application/json", "{}", signed: true);
        (signed.KeyId, signed.Secret) = (key, secret);

        RawAnswer bySignature = await api.Host.SendAsync(signed);
        RawAnswer bySecret = await api.JsonAsync("/auth/login", new { client_id = key, client_secret = secret });

        Assert.Equal((401, "invalid_client", "invalid_credential"), TokenApi.ErrorOf(bySignature));
        Assert.Equal(bySecret.Text, bySignature.Text);
    }

    [Fact]
    public async Task A_client_that_proves_itself_twice_is_refused()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        string both = $$"""{"client_id":"{{ApiHost.Key}}","client_secret":"{{ApiHost.Secret}}"}""";

        Assert.Equal((400, "invalid_request", "ambiguous_credentials"), TokenApi.ErrorOf(await api.Host.SendAsync(api.Draft("/auth/login", "application/json", both, signed: true))));
        Assert.Equal(
            (400, "invalid_request", "ambiguous_credentials"),
            TokenApi.ErrorOf(await api.SendAsync("/auth/login", "application/json", both, ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)))));
        Assert.Equal((400, "invalid_request", "ambiguous_credentials"), TokenApi.ErrorOf(await api.SignedAsync("/auth/login", new { client_id = "somebody-else" })));
        Assert.Equal(
            (400, "invalid_request", "ambiguous_credentials"),
            TokenApi.ErrorOf(await api.JsonAsync("/auth/login", new { client_id = "somebody-else" }, ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)))));
        (string, string) basic = ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret));
        Assert.Equal((400, "invalid_request", "ambiguous_credentials"), TokenApi.ErrorOf(await api.JsonAsync("/auth/login", new { }, basic, basic)));
    }

    [Theory]
    [InlineData("suspended", "suspended")]
    [InlineData("revoked", "invalid_credential")]
    public async Task Only_a_client_in_good_standing_logs_in(string status, string code)
    {
        await using TokenApi api = await TokenApi.StartAsync(Of($$"""{ "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Status": "{{status}}" }"""));

        Assert.Equal((401, "invalid_client", code), TokenApi.ErrorOf(await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret })));
        Assert.Equal((401, "invalid_client", code), TokenApi.ErrorOf(await api.SignedAsync("/auth/login", new { })));
    }

    [Fact]
    public async Task A_client_of_another_environment_is_refused_however_it_proves_itself()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Configuration = new LiveConfiguration(Json($$"""{ "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Environment": "test" }""")),
            Tokens = options => options.Environment = "live",
        });
        RequestDraft revocation = api.Draft("/auth/revoke", "application/x-www-form-urlencoded", "token=x", signed: true);

        Assert.Equal((401, "invalid_client", "environment_mismatch"), TokenApi.ErrorOf(await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret })));
        Assert.Equal((401, "invalid_client", "environment_mismatch"), TokenApi.ErrorOf(await api.SignedAsync("/auth/login", new { })));
        Assert.Equal((401, "invalid_client", "environment_mismatch"), TokenApi.ErrorOf(await api.Host.SendAsync(revocation)));
        Assert.Equal(
            (401, "invalid_client", "environment_mismatch"),
            TokenApi.ErrorOf(await api.FormAsync("/auth/revoke", "token=x", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)))));
    }

    [Fact]
    public async Task A_credential_may_be_made_to_log_in_by_signing_only()
    {
        await using TokenApi api = await TokenApi.StartAsync(Of($$"""{ "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "ClientSecretAllowed": false }"""));

        RawAnswer bySecret = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret });

        Assert.Equal((401, "invalid_client", null), TokenApi.ErrorOf(bySecret));
        Assert.Contains("by signing", TokenApi.Member(bySecret, "error_description"), StringComparison.Ordinal);
        Assert.Equal(200, (await api.SignedAsync("/auth/login", new { })).Status);
    }

    [Fact]
    public async Task Both_Secrets_of_a_rotation_log_in_until_one_ends()
    {
        var configuration = new LiveConfiguration("{}");
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Configuration = configuration });
        string until = api.Host.Clock.GetUtcNow().AddMinutes(1).ToString("O");
        configuration.Replace(Json($$"""{ "Key": "{{ApiHost.Key}}", "Secrets": [ { "Secret": "{{ApiHost.Secret}}", "Until": "{{until}}" }, "the next secret, long enough" ] }"""));

        await api.LogInAsync();
        api.Host.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((401, "invalid_client", "expired"), TokenApi.ErrorOf(await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret })));
        Assert.Equal(200, (await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = "the next secret, long enough" })).Status);
    }

    [Theory]
    [InlineData(null, 200, null, "orders.read orders.write")]
    [InlineData("orders.read", 200, null, "orders.read")]
    [InlineData("orders.write orders.read orders.write", 200, null, "orders.write orders.read")]
    [InlineData("orders.read admin", 400, "invalid_scope", null)]
    [InlineData("orders.read  orders.write", 400, "invalid_scope", null)]
    [InlineData("\"", 400, "invalid_scope", null)]
    public async Task A_client_gets_the_scopes_it_asks_for_if_it_has_them(string? scope, int status, string? error, string? granted)
    {
        await using TokenApi api = await TokenApi.StartAsync(Of($$"""{ "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Scopes": "orders.read orders.write" }"""));

        RawAnswer answer = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret, scope });

        Assert.Equal((status, error, granted), (answer.Status, TokenApi.Member(answer, "error"), TokenApi.Member(answer, "scope")));
    }

    // RFC 6749 §3.2: a parameter without a value is as if it were not there, and takes nothing from the one behind it.
    [Theory]
    [InlineData("grant_type=client_credentials&scope=orders.read", 200, null, "orders.read")]
    [InlineData("grant_type=client_credentials&scope=orders.read&audience", 200, null, "orders.read")]
    [InlineData("grant_type=client_credentials&audience&scope=orders.read", 200, null, "orders.read")]
    [InlineData("audience&grant_type=client_credentials&&scope=orders.read", 200, null, "orders.read")]
    [InlineData("grant_type=client_credentials&scope&audience=", 200, null, "orders.read orders.write")]
    [InlineData("grant_type=client_credentials&scope=orders.write&audience&scope=orders.read", 400, "invalid_request", null)]
    public async Task A_parameter_that_is_a_name_alone_leaves_the_one_behind_it_as_it_is(string form, int status, string? error, string? granted)
    {
        await using TokenApi api = await TokenApi.StartAsync(Of($$"""{ "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Scopes": "orders.read orders.write" }"""));

        RawAnswer answer = await api.FormAsync("/auth/token", form, ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));

        Assert.Equal((status, error, granted), (answer.Status, TokenApi.Member(answer, "error"), TokenApi.Member(answer, "scope")));
    }

    [Fact]
    public async Task A_source_that_cannot_answer_is_a_503_to_come_back_for()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        api.Host.Credentials.Failure = new InvalidOperationException("The database is away.");

        RawAnswer bySecret = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret });
        RawAnswer bySignature = await api.SignedAsync("/auth/login", new { });

        Assert.All([bySecret, bySignature], answer =>
        {
            Assert.Equal((503, "temporarily_unavailable", "credential_store_unavailable"), TokenApi.ErrorOf(answer));
            Assert.NotNull(answer["Retry-After"]);
        });
    }

    [Fact]
    public async Task The_middleware_that_demands_signatures_lets_logins_pass()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Door = Door.Middleware });

        await api.LogInAsync();
        RawAnswer signed = await api.SignedAsync("/auth/login", new { });

        Assert.Equal(200, signed.Status);
    }

    private static TokenApiSettings Of(string keyPair) => new() { Configuration = new LiveConfiguration(Json(keyPair)) };

    private static string Json(string keyPair) => $$"""{ "Signing": { "Credentials": [ {{keyPair}} ] } }""";

    private sealed class SilentSource : ISharingKeySource
    {
        public ValueTask<SharingKey?> FindAsync(TokenHash hash, CancellationToken cancellationToken) => throw new IOException("The store is down.");

        public bool TryGetCached(string id, out SharingKey? key) => throw new IOException("The store is down.");

        public ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken) => throw new IOException("The store is down.");
    }
}
