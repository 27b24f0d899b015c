using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Rows;

/// <summary>The rows on tokens and on ends, each with credentials that an operator has created, over Kestrel.</summary>
public sealed class TokenRowTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly StoredCredentials _stored;
    private readonly List<ServiceProvider> _services = [];

    public TokenRowTests() => _stored = new StoredCredentials(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider services in _services)
        {
            await services.DisposeAsync();
        }

        _stored.Dispose();
    }

    [Fact]
    public async Task L9_A_key_whose_end_has_come_is_refused_and_its_holder_is_told_why()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        SecretResult token = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Report", ApplicationId = made.Application!.Id, Expires = _clock.GetUtcNow().AddDays(1) });
        Assert.Equal(200, (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Status);

        _clock.Advance(TimeSpan.FromDays(1));

        RawAnswer answer = await api.GetAsync(token.Text!, "/api", "X-API-Key");
        Assert.Equal((401, "expired"), (answer.Status, answer.Code));
        Assert.Contains("expired", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task L10_Renewing_brings_the_same_key_back()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        SecretResult token = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Report", ApplicationId = made.Application!.Id, Expires = _clock.GetUtcNow().AddDays(1) });
        await _stored.Desk.RenewAsync(made.Credential!.Id, null, _clock.GetUtcNow().AddDays(1), StoredCredentials.Operator, Cancellation);
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(401, (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Status);
        Assert.Equal((401, "expired"), await SignedAsync(api, made));

        await _stored.Desk.RenewAsync(token.Credential!.Id, null, _clock.GetUtcNow().AddDays(30), StoredCredentials.Operator, Cancellation);
        await _stored.Desk.RenewAsync(made.Credential.Id, null, null, StoredCredentials.Operator, Cancellation);

        Assert.Equal(200, (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Status);
        Assert.Equal((200, null), await SignedAsync(api, made));
    }

    [Fact]
    public async Task K6_A_client_logs_in_with_id_and_secret_and_gets_both_tokens()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders", "orders.read");

        RawAnswer answer = await LogInAsync(api, made);

        Assert.Equal(200, answer.Status);
        (string access, string refresh) = TokenApi.TokensOf(answer);
        Assert.StartsWith("sgn_refresh_", refresh, StringComparison.Ordinal);
        Assert.Contains($"key_id={made.Credential!.Key} credential_id={made.Credential.Id} application_id={made.Application!.Id}", (await api.GetAsync(access)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task K7_The_access_token_is_taken_from_the_header_that_the_API_chose()
    {
        await using TokenApi api = await StartAsync(access: options => options.Header = "auth");
        (string access, _) = TokenApi.TokensOf(await LogInAsync(api, await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders")));

        Assert.Equal(200, (await api.GetAsync(access, header: "auth")).Status);
        Assert.Equal(401, (await api.GetAsync(access)).Status);
    }

    [Fact]
    public async Task K8_An_access_token_that_has_ended_gets_a_401_with_a_code()
    {
        await using TokenApi api = await StartAsync();
        (string access, _) = TokenApi.TokensOf(await LogInAsync(api, await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders")));
        _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(10));

        RawAnswer answer = await api.GetAsync(access);

        Assert.Equal((401, "expired"), (answer.Status, answer.Code));
        Assert.Contains("error=\"invalid_token\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task K9_A_refresh_gives_new_tokens_until_the_credential_is_suspended()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        (_, string refresh) = TokenApi.TokensOf(await LogInAsync(api, made));

        RawAnswer answer = await RefreshAsync(api, made, refresh);
        (string access, string next) = TokenApi.TokensOf(answer);
        Assert.Equal(200, (await api.GetAsync(access)).Status);

        await _stored.Desk.SuspendAsync(made.Credential!.Id, null, StoredCredentials.Operator, Cancellation);
        Assert.Equal((401, "suspended"), (await RefreshAsync(api, made, next) is var refused ? refused.Status : 0, TokenApi.Member(refused, "code")));
        Assert.Equal(401, (await api.GetAsync(access)).Status);
    }

    [Fact]
    public async Task K10_The_client_package_logs_in_refreshes_and_tries_again_by_itself()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        HttpClient client = ClientOf(api, made);
        Assert.Contains(made.Credential!.Id, await client.GetStringAsync(new Uri("/token", UriKind.Relative), Cancellation), StringComparison.Ordinal);

        // Refused by an API that has lost every grant: only another login helps, and the caller sees nothing of it.
        IGrantStore grants = api.Host.App.Services.GetRequiredService<IGrantStore>();
        await grants.RevokeAllAsync(GrantOwner.Credential, made.Credential.Id, RevocationReason.Operator, Cancellation);
        Assert.Contains(made.Credential.Id, await client.GetStringAsync(new Uri("/token", UriKind.Relative), Cancellation), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Contains(made.Credential.Id, await client.GetStringAsync(new Uri("/token", UriKind.Relative), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task K12_A_sharing_key_at_login_gives_a_token_for_that_workspace_and_both_sides_are_told()
    {
        await using TokenApi api = await StartAsync();
        WorkspaceRecord grantor = await _stored.WorkspaceAsync("Grantor");
        WorkspaceRecord agency = await _stored.WorkspaceAsync("Agency");
        ApplicationResult made = await _stored.PairAsync(agency, "Agency app", "orders.read", "orders.write");
        SharingKeyResult shared = await _stored.Desk.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = grantor.Id, GranteeWorkspaceId = agency.Id, Name = "For the agency", Scopes = ["orders.read"] }, StoredCredentials.Operator, Cancellation);
        Canary.Watch(shared.Text!);

        (string access, _) = TokenApi.TokensOf(await LogInAsync(api, made, shared.Text));

        string claims = (await api.GetAsync(access)).Text;
        Assert.Contains($"workspace_id={grantor.Id}", claims, StringComparison.Ordinal);
        Assert.Contains("scope=orders.read", claims, StringComparison.Ordinal);
        Assert.DoesNotContain("orders.write", claims, StringComparison.Ordinal);
        foreach (string side in new[] { grantor.Id, agency.Id })
        {
            AuditEvent used = (await _stored.AuditAsync(side))[0];
            Assert.Equal(("sharing_key.used", made.Credential!.Key, shared.SharingKey!.Id, "127.0.0.1"), (used.Action, used.Actor, used.Target, used.Address));
        }

        await _stored.Desk.RevokeSharingKeyAsync(shared.SharingKey!.Id, null, StoredCredentials.Operator, Cancellation);
        Assert.Equal(401, (await api.GetAsync(access)).Status);
        Assert.Equal(400, (await LogInAsync(api, made, shared.Text)).Status);
    }

    [Fact]
    public async Task K12_A_token_of_a_revoked_sharing_key_is_refused_although_somebody_edits_the_key_meanwhile()
    {
        await using TokenApi api = await StartAsync();
        WorkspaceRecord grantor = await _stored.WorkspaceAsync("Grantor");
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync("Agency"), "Agency app", "orders.read");
        SharingKeyResult shared = await _stored.Desk.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = grantor.Id, Name = "For the agency", Scopes = ["orders.read"] }, StoredCredentials.Operator, Cancellation);
        Canary.Watch(shared.Text!);
        (string access, _) = TokenApi.TokensOf(await LogInAsync(api, made, shared.Text));
        await _stored.Desk.RevokeSharingKeyAsync(shared.SharingKey!.Id, null, StoredCredentials.Operator, Cancellation);

        await _stored.Desk.EditAsync<SharingKeyRecord>(shared.SharingKey.Id, null, row => row with { Status = StoredStatus.Active }, StoredCredentials.Operator, Cancellation);

        Assert.Equal(401, (await api.GetAsync(access)).Status);
    }

    [Fact]
    public async Task K12_A_use_that_cannot_be_told_to_both_sides_gives_no_token()
    {
        await using TokenApi api = await StartAsync();
        WorkspaceRecord grantor = await _stored.WorkspaceAsync("Grantor");
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync("Agency"), "Agency app");
        SharingKeyResult shared = await _stored.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = grantor.Id, Name = "For whoever comes first" }, StoredCredentials.Operator, Cancellation);
        Canary.Watch(shared.Text!);
        _stored.Break();

        RawAnswer answer = await LogInAsync(api, made, shared.Text);

        Assert.Equal(503, answer.Status);
        Assert.Null(TokenApi.Member(answer, "access_token"));
    }

    [Fact]
    public async Task K13_A_long_lived_token_is_made_from_a_credential_and_may_no_more_than_it()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders", "orders.read");

        SecretResult token = await LongLivedAsync(made, "orders.read");

        Assert.Equal(made.Credential!.Id, token.Credential!.ParentId);
        Assert.Contains("scope=orders.read", (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Text, StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.ScopeNotGranted, (await _stored.Desk.CreateCredentialAsync(
            new NewCredential { Kind = CredentialKind.ApiToken, Name = "More", ParentId = made.Credential.Id, Scopes = ["admin"] }, StoredCredentials.Operator, Cancellation)).Status);
    }

    [Fact]
    public async Task K14_The_text_of_a_long_lived_token_is_shown_once_and_only_its_hash_is_kept()
    {
        SecretResult token = await LongLivedAsync(await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders"));

        Assert.Equal((null, TokenHash.Of(token.Text)), (token.Credential!.Secrets[0].Sealed, token.Credential.Secrets[0].Hash));
        Assert.Equal(ChangeStatus.NotRetrievable, (await _stored.Desk.RevealAsync(token.Credential.Id, null, StoredCredentials.Operator, Cancellation)).Status);
    }

    [Fact]
    public async Task K15_A_long_lived_token_in_Authorization_stands_beside_an_access_token_in_auth()
    {
        await using TokenApi api = await StartAsync(access: options => options.Header = "auth", apiHeader: "Authorization");
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        SecretResult token = await LongLivedAsync(made);
        (string access, _) = TokenApi.TokensOf(await LogInAsync(api, made));

        Assert.Contains(token.Credential!.Id, (await api.GetAsync(token.Text!, "/api")).Text, StringComparison.Ordinal);
        Assert.Contains(made.Credential!.Id, (await api.GetAsync(access, header: "auth")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task K16_A_long_lived_token_ends_when_it_is_revoked_or_its_KeyPair_is_suspended()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        SecretResult token = await LongLivedAsync(made);

        await _stored.Desk.SuspendAsync(made.Credential!.Id, null, StoredCredentials.Operator, Cancellation);
        Assert.Equal(401, (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Status);
        await _stored.Desk.ResumeAsync(made.Credential.Id, null, StoredCredentials.Operator, Cancellation);
        Assert.Equal(200, (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Status);
        await _stored.Desk.RevokeAsync(token.Credential!.Id, null, "leaked", TimeSpan.Zero, StoredCredentials.Operator, Cancellation);
        Assert.Equal((401, "invalid_credential"), await api.GetAsync(token.Text!, "/api", "X-API-Key") is var gone ? (gone.Status, gone.Code) : default);
    }

    [Fact]
    public async Task K17_The_defaults_are_short_tokens_secrets_shown_once_and_keys_that_are_due_after_90_days()
    {
        await using TokenApi api = await StartAsync();
        WorkspaceRecord workspace = await _stored.WorkspaceAsync();
        ApplicationResult made = await _stored.PairAsync(workspace, "Orders");
        RawAnswer login = await LogInAsync(api, made);
        (_, string refresh) = TokenApi.TokensOf(login);

        Assert.Equal("900", TokenApi.Member(login, "expires_in"));
        Assert.NotEqual(refresh, TokenApi.TokensOf(await RefreshAsync(api, made, refresh)).Refresh);
        Assert.Equal(SecretDisclosure.Once, made.Credential!.Secrets[0].Disclosure);
        Assert.Equal((TimeSpan.FromDays(90), TimeSpan.FromHours(24)), (workspace.RotationAge, workspace.RotationOverlap));
        Assert.False(CredentialStates.IsDueForRotation(made.Credential, workspace.RotationAge, _clock.GetUtcNow().AddDays(89)));
        Assert.True(CredentialStates.IsDueForRotation(made.Credential, workspace.RotationAge, _clock.GetUtcNow().AddDays(90)));
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => ClientOf(api, made, "http://api.example.com").GetStringAsync(new Uri("/token", UriKind.Relative), Cancellation));
    }

    private static Task<RawAnswer> LogInAsync(TokenApi api, ApplicationResult made, string? sharingKey = null) =>
        api.JsonAsync("/auth/login", new { client_id = made.Credential!.Key, client_secret = made.Text, sharing_key = sharingKey });

    private static Task<RawAnswer> RefreshAsync(TokenApi api, ApplicationResult made, string refresh) =>
        api.JsonAsync("/auth/refresh", new { refresh_token = refresh, client_id = made.Credential!.Key, client_secret = made.Text });

    private static async Task<(int Status, string? Code)> SignedAsync(TokenApi api, ApplicationResult made)
    {
        RequestDraft draft = api.Host.Draft("GET", "/signature");
        (draft.KeyId, draft.Secret) = (made.Credential!.Key!, made.Text!);
        RawAnswer answer = await api.Host.SendAsync(draft);
        return (answer.Status, answer.Status == 200 ? null : answer.Code);
    }

    private Task<SecretResult> LongLivedAsync(ApplicationResult made, params string[] scopes) =>
        _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Long-lived", ParentId = made.Credential!.Id, Scopes = scopes });

    private Task<TokenApi> StartAsync(Action<AspNetCore.AccessTokenOptions>? access = null, string apiHeader = "X-API-Key") => TokenApi.StartAsync(new TokenApiSettings
    {
        Clock = _clock,
        Build = builder => _stored.Register(builder.Services),
        Access = access ?? (static _ => { }),
        Schemes = schemes => schemes.AddApiToken(options => options.Header = apiHeader),
        Map = app => app.MapGet("/api", [Authorize(AuthenticationSchemes = "ApiToken")] (HttpContext context) =>
            string.Join(' ', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}"))),
    });

    private HttpClient ClientOf(TokenApi api, ApplicationResult made, string? address = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri(address ?? $"http://{api.Host.Authority}"))
            .AddAccessToken(options => (options.Key, options.Secret) = (made.Credential!.Key!, made.Text!));
        _services.Add(services.BuildServiceProvider());
        return _services[^1].GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }
}
