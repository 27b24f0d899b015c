using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

public sealed class RefreshTests
{
    private const string OtherKey = "key-two";
    private const string OtherSecret = "the secret of key two, long enough";

    [Fact]
    public async Task Every_way_to_prove_the_client_refreshes_and_none_of_them_is_skipped()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (_, string refresh) = await api.LogInAsync();

        RawAnswer byBody = await api.RefreshAsync(refresh);
        RawAnswer byBasic = await api.JsonAsync("/auth/refresh", new { refresh_token = Next(byBody) }, ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));
        RawAnswer bySignature = await api.SignedAsync("/auth/refresh", new { refresh_token = Next(byBasic) });
        RawAnswer byForm = await api.FormAsync("/auth/token", $"grant_type=refresh_token&refresh_token={Next(bySignature)}", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));
        RawAnswer byNothing = await api.JsonAsync("/auth/refresh", new { refresh_token = Next(byForm) });
        RawAnswer byName = await api.JsonAsync("/auth/refresh", new { refresh_token = Next(byForm), client_id = ApiHost.Key });

        Assert.All([byBody, byBasic, bySignature, byForm], answer => Assert.True(answer.Status == 200, answer.ToString()));
        Assert.All([byNothing, byName], answer => Assert.Equal((401, "invalid_client", null), TokenApi.ErrorOf(answer)));
        Assert.Equal(200, (await api.GetAsync(TokenApi.TokensOf(byForm).Access)).Status);
    }

    [Fact]
    public async Task A_refresh_without_its_client_is_opt_in()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.AllowRefreshWithoutClient = true });
        (_, string refresh) = await api.LogInAsync();

        RawAnswer bearer = await api.JsonAsync("/auth/refresh", new { refresh_token = refresh });
        RawAnswer wrong = await api.JsonAsync("/auth/refresh", new { refresh_token = refresh, client_id = ApiHost.Key, client_secret = "wrong, but long enough" });

        Assert.Equal(200, bearer.Status);
        Assert.Equal((401, "invalid_client", "invalid_credential"), TokenApi.ErrorOf(wrong));
    }

    [Fact]
    public async Task A_lost_answer_comes_again_byte_for_byte_until_its_tokens_are_used()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (_, string refresh) = await api.LogInAsync();

        RawAnswer lost = await api.RefreshAsync(refresh);
        api.Host.Clock.Advance(TimeSpan.FromSeconds(119));
        RawAnswer again = await api.RefreshAsync(refresh);
        Assert.Equal(TokenApi.TokensOf(lost), TokenApi.TokensOf(again));
        Assert.InRange(int.Parse(TokenApi.Member(again, "expires_in")!), 780, 782);

        Assert.Equal(200, (await api.GetAsync(TokenApi.TokensOf(again).Access)).Status);
        RawAnswer reused = await api.RefreshAsync(refresh);

        Assert.Equal((400, "invalid_grant", "refresh_reused"), TokenApi.ErrorOf(reused));
        Assert.Equal((401, "refresh_reused"), CodeOf(await api.GetAsync(TokenApi.TokensOf(again).Access)));
        Assert.Equal((400, "invalid_grant", "refresh_reused"), TokenApi.ErrorOf(await api.RefreshAsync(Next(again))));
    }

    [Fact]
    public async Task What_is_no_refresh_token_of_this_client_is_one_error()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        api.Host.Credentials.Set(new Credential(OtherKey, new CredentialSecret(new SigningKey(OtherKey, OtherSecret))));
        (string access, string refresh) = await api.LogInAsync();

        RawAnswer another = await api.JsonAsync("/auth/refresh", new { refresh_token = refresh, client_id = OtherKey, client_secret = OtherSecret });

        Assert.Equal((400, "invalid_grant", "invalid_credential"), TokenApi.ErrorOf(another));
        Assert.Equal((400, "invalid_grant", "invalid_credential"), TokenApi.ErrorOf(await api.RefreshAsync(refresh[..^1] + (refresh[^1] == 'A' ? 'B' : 'A'))));
        Assert.Equal((400, "invalid_grant", "malformed_token"), TokenApi.ErrorOf(await api.RefreshAsync(access)));
        Assert.Equal((400, "invalid_grant", "malformed_token"), TokenApi.ErrorOf(await api.RefreshAsync("nonsense")));
        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(await api.RefreshAsync("")));
        api.Host.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        Assert.Equal((400, "invalid_grant", "expired"), TokenApi.ErrorOf(await api.RefreshAsync(refresh)));
    }

    [Fact]
    public async Task A_suspended_client_refreshes_no_more_and_its_access_token_ends_at_once()
    {
        var configuration = new LiveConfiguration(Json("active"));
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Configuration = configuration });
        (string access, string refresh) = await api.LogInAsync();

        configuration.Replace(Json("suspended"));

        Assert.Equal((401, "suspended"), CodeOf(await api.GetAsync(access)));
        Assert.Equal((401, "invalid_client", "suspended"), TokenApi.ErrorOf(await api.RefreshAsync(refresh)));
        configuration.Replace(Json("active"));
        Assert.Equal(200, (await api.GetAsync(access)).Status);
    }

    [Fact]
    public async Task A_sharing_key_opens_the_grantor_s_workspace_to_its_grantee_and_ends_with_its_revocation()
    {
        var configuration = new LiveConfiguration(Sharing("active", "guest"));
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Configuration = configuration });

        (string access, string refresh) = await api.LogInAsync("the sharing key, long enough");

        Assert.Equal(
            "key_id=key-one credential_id=key-one application_id=app_1 workspace_id=host sharing_key_id=shr_1 acting_workspace_id=guest scope=orders.read",
            (await api.GetAsync(access)).Text);
        RawAnswer introspected = await api.FormAsync("/auth/introspect", $"token={access}", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));
        Assert.Equal(
            ["key-one", "app_1", "host", "shr_1", "guest", "orders.read"],
            new[] { "credential_id", "application_id", "workspace_id", "sharing_key_id", "acting_workspace_id", "scope" }.Select(name => TokenApi.Member(introspected, name)));
        Assert.Contains(api.Host.Log.Lines, line => line.Text == "Client key-one of workspace guest has logged in with sharing key shr_1 of workspace host.");
        configuration.Replace(Sharing("revoked", "guest"));
        Assert.Equal((401, "sharing_key_refused"), CodeOf(await api.GetAsync(access)));
        Assert.Equal("invalid_grant", TokenApi.Member(await api.RefreshAsync(refresh), "error"));
        configuration.Replace(Sharing("active", "somebody-else"));
        RawAnswer stranger = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret, sharing_key = "the sharing key, long enough" });
        RawAnswer unknown = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret, sharing_key = "another sharing key, long enough" });
        Assert.All([stranger, unknown], answer => Assert.Equal((400, "invalid_grant", "sharing_key_refused"), TokenApi.ErrorOf(answer)));
    }

    [Fact]
    public async Task A_flood_of_bad_logins_does_not_lock_the_client_out_and_its_own_flood_does()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.RequestsPerClient = 2 });
        for (int i = 0; i < 5; i++)
        {
            await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = "wrong, but long enough" });
        }

        await api.LogInAsync();
        await api.LogInAsync();
        RawAnswer third = await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret });

        Assert.Equal((429, "temporarily_unavailable", "rate_limited"), TokenApi.ErrorOf(third));
        Assert.InRange(int.Parse(third["Retry-After"]!), 1, 60);
        Assert.Equal(
            [.. Enumerable.Repeat("invalid_credential", 5), "rate_limited"],
            api.Host.Log.Lines.Where(line => line.Category == SignatureDefaults.TelemetryName && line.Id == 8).Select(line => line.Text.Split(' ')[^1].TrimEnd('.')));
    }

    [Fact]
    public async Task An_address_that_asks_too_often_is_told_to_wait_before_anything_is_read()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Endpoints = options => options.RequestsPerAddress = 3 });
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(400, (await api.SendAsync("/auth/login", "text/plain", "")).Status);
        }

        RawAnswer fourth = await api.SendAsync("/auth/token", "text/plain", "");
        RawAnswer right = await api.FormAsync("/auth/token", "grant_type=client_credentials", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));

        Assert.Equal((429, "temporarily_unavailable", "rate_limited"), TokenApi.ErrorOf(right));
        Assert.DoesNotContain(api.Host.Log.Lines, line => line.Text.Contains("has logged in", StringComparison.Ordinal) || line.Exception is not null);
        Assert.Equal((429, "temporarily_unavailable", "rate_limited"), TokenApi.ErrorOf(fourth));
        Assert.Equal("no-store", fourth["Cache-Control"]);
        Assert.NotNull(fourth["Retry-After"]);
    }

    [Fact]
    public async Task No_token_secret_or_sharing_key_is_ever_logged()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Configuration = new LiveConfiguration(Sharing("active", "guest")) });
        (string access, string refresh) = await api.LogInAsync("the sharing key, long enough");

        RawAnswer next = await api.RefreshAsync(refresh);
        await api.RefreshAsync(refresh);
        await api.GetAsync(access);
        await api.GetAsync(access + "x");
        await api.FormAsync("/auth/revoke", $"token={access}", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));

        string log = string.Join('\n', api.Host.Log.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.Contains("has logged in", log, StringComparison.Ordinal);
        Assert.All(
            [access, refresh, Next(next), ApiHost.Secret, "the sharing key, long enough", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)["Basic ".Length..]],
            secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    private static string Next(RawAnswer answer) => TokenApi.TokensOf(answer).Refresh;

    private static (int Status, string? Code) CodeOf(RawAnswer answer) => (answer.Status, answer.Code);

    private static string Json(string status) => $$"""{ "Signing": { "Credentials": [ { "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Status": "{{status}}" } ] } }""";

    private static string Sharing(string status, string grantee) => $$"""
        { "Signing": {
            "Credentials": [ { "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Application": "app_1", "Workspace": "guest", "Scopes": "orders.read orders.write" } ],
            "SharingKeys": [ { "Key": "the sharing key, long enough", "Id": "shr_1", "Workspace": "host", "GranteeWorkspace": "{{grantee}}", "Scopes": "orders.read admin", "Status": "{{status}}" } ] } }
        """;
}
