using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

public sealed class SharingKeyGrantTests
{
    private static readonly SharingKey Shared = new("shk_1", "ws_grantor") { GranteeWorkspaceId = "ws_1", Scopes = ["orders.read", "reports"] };

    private readonly ManualTimeProvider _time = new();
    private readonly SharingKeyBook _book = new();
    private readonly InMemoryGrantStore _store;

    public SharingKeyGrantTests()
    {
        _store = new InMemoryGrantStore(time: _time);
        _book.Current = Shared;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tokens_are_for_the_workspace_that_shares_and_for_the_scopes_that_both_sides_have()
    {
        using TokenDesk desk = await OpenAsync();

        IssuedTokens tokens = await LogInAsync(desk);

        Assert.Equal(("ws_grantor", "ws_1", "shk_1"), (tokens.Grant!.WorkspaceId, tokens.Grant.ActingWorkspaceId, tokens.Grant.SharingKeyId));
        Assert.Equal(["orders.read"], tokens.Grant.Scopes);
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        Assert.Equal(["orders.read"], (await desk.RefreshAsync(tokens)).Grant!.Scopes);
    }

    [Fact]
    public async Task A_scope_that_the_sharing_key_has_lost_is_gone_with_the_next_refresh()
    {
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        _book.Current = new SharingKey("shk_1", "ws_grantor") { GranteeWorkspaceId = "ws_1", Scopes = ["reports"] };

        Assert.Empty((await desk.RefreshAsync(tokens)).Grant!.Scopes);
    }

    public static TheoryData<string> Endings => ["revoked", "suspended", "expired", "grantor disabled", "gone", "another grantee", "another grantor"];

    [Theory, MemberData(nameof(Endings))]
    public async Task A_sharing_key_that_is_refused_ends_its_grants_with_the_next_request_for_good(string ending)
    {
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        _book.Current = ending == "gone" ? null : new SharingKey("shk_1", ending == "another grantor" ? "ws_other" : "ws_grantor")
        {
            GranteeWorkspaceId = ending == "another grantee" ? "ws_other" : "ws_1",
            GrantorDisabled = ending == "grantor disabled",
            Expires = ending == "expired" ? _time.GetUtcNow() : null,
            Status = ending switch { "revoked" => StoredStatus.Revoked, "suspended" => StoredStatus.Suspended, _ => StoredStatus.Active },
            Scopes = ["orders.read"],
        };

        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.VerifyAsync(tokens.AccessToken!)).Status);

        _book.Current = Shared;
        Assert.Equal(TokenStatus.Revoked, (await desk.VerifyAsync(tokens.AccessToken!)).Status);
        Assert.Equal(TokenStatus.Revoked, (await desk.RefreshAsync(tokens)).Verdict.Status);
        Assert.Equal(RevocationReason.Parent, (await _store.FindAsync(tokens.Grant!.Id, Cancellation))!.RevokedFor);
    }

    [Fact]
    public async Task A_sharing_key_that_is_refused_is_refused_at_the_refresh_too()
    {
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        _book.Current = null;

        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.RefreshAsync(tokens)).Verdict.Status);
    }

    [Theory]
    [InlineData("application_suspended")]
    [InlineData("workspace_disabled")]
    [InlineData("suspended")]
    public async Task Suspending_the_client_s_side_ends_what_was_shared(string code)
    {
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        desk.Credentials.Set(new Credential("key_tokens_1")
        {
            Id = "crd_1",
            ApplicationId = "app_1",
            WorkspaceId = "ws_1",
            ApplicationSuspended = code == "application_suspended",
            WorkspaceDisabled = code == "workspace_disabled",
            Status = code == "suspended" ? StoredStatus.Suspended : StoredStatus.Active,
            Scopes = ["orders.read"],
        });

        Assert.Equal(code, (await desk.VerifyAsync(tokens.AccessToken!)).Outcome.Code);

        desk.Credentials.Set(desk.Client);
        Assert.Equal(TokenStatus.Revoked, (await desk.VerifyAsync(tokens.AccessToken!)).Status);
    }

    [Fact]
    public async Task A_client_that_only_time_or_an_outage_refuses_finds_what_was_shared_again()
    {
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        desk.Credentials.Set(new Credential("key_tokens_1") { Id = "crd_1", ApplicationId = "app_1", WorkspaceId = "ws_1", Scopes = ["orders.read"], Expires = _time.GetUtcNow() });
        Assert.Equal(CredentialStatus.Expired, (await desk.VerifyAsync(tokens.AccessToken!)).CredentialStatus);
        desk.Credentials.Failure = new IOException("The credentials are away.");
        Assert.Equal(CredentialStatus.CredentialStoreUnavailable, (await desk.VerifyAsync(tokens.AccessToken!)).CredentialStatus);

        desk.Credentials.Failure = null;
        desk.Credentials.Set(desk.Client);

        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task A_source_that_cannot_answer_ends_nothing()
    {
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        _book.Failure = new IOException("The source is away.");

        Assert.Equal(503, (await desk.VerifyAsync(tokens.AccessToken!)).Outcome.HttpStatus);
        Assert.Equal(503, (await desk.RefreshAsync(tokens)).Verdict.Outcome.HttpStatus);

        _book.Failure = null;
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
    }

    [Theory]
    [InlineData("ws_1", null, true)]
    [InlineData("ws_2", null, false)]
    [InlineData(null, "app_1", true)]
    [InlineData(null, "app_2", false)]
    [InlineData("ws_1", "app_2", false)]
    public async Task A_sharing_key_is_for_its_grantee_alone(string? workspace, string? application, bool accepted)
    {
        using TokenDesk desk = await OpenAsync();
        _book.Current = new SharingKey("shk_1", "ws_grantor") { GranteeWorkspaceId = workspace, GranteeApplicationId = application, Scopes = ["orders.read"] };

        IssuedTokens tokens = await desk.Issuer.LogInAsync(LogInOf(desk.Client), Cancellation);

        Assert.Equal(accepted ? TokenStatus.Valid : TokenStatus.SharingKeyRefused, tokens.Verdict.Status);
        Assert.Equal(accepted, tokens.AccessToken is not null);
    }

    [Fact]
    public async Task A_sharing_key_without_a_grantee_belongs_to_whoever_uses_it_first()
    {
        using TokenDesk desk = await OpenAsync();
        _book.Current = new SharingKey("shk_1", "ws_grantor") { Scopes = ["orders.read"] };
        var sibling = new Credential("key_2") { Id = "crd_2", ApplicationId = "app_1", WorkspaceId = "ws_1", Scopes = ["orders.read"] };
        var stranger = new Credential("key_3") { Id = "crd_3", ApplicationId = "app_3", WorkspaceId = "ws_1", Scopes = ["orders.read"] };

        IssuedTokens first = await LogInAsync(desk);

        Assert.Equal(TokenStatus.Valid, (await desk.Issuer.LogInAsync(LogInOf(sibling), Cancellation)).Verdict.Status);
        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.Issuer.LogInAsync(LogInOf(stranger), Cancellation)).Verdict.Status);
        Assert.True((await desk.VerifyAsync(first.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task Without_an_application_the_workspace_has_used_it_first_and_without_both_the_client()
    {
        using TokenDesk desk = await OpenAsync();
        _book.Current = new SharingKey("shk_1", "ws_grantor");
        Credential[] siblings = [new("key_2") { WorkspaceId = "ws_2" }, new("key_3") { WorkspaceId = "ws_2" }];
        foreach (Credential sibling in siblings)
        {
            Assert.Equal(TokenStatus.Valid, (await desk.Issuer.LogInAsync(LogInOf(sibling), Cancellation)).Verdict.Status);
        }

        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.Issuer.LogInAsync(LogInOf(new Credential("key_4") { WorkspaceId = "ws_3" }), Cancellation)).Verdict.Status);
        _book.Current = new SharingKey("shk_2", "ws_grantor");
        Assert.Equal(TokenStatus.Valid, (await desk.Issuer.LogInAsync(LogInOf(new Credential("key_5"), "shk_2"), Cancellation)).Verdict.Status);
        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.Issuer.LogInAsync(LogInOf(new Credential("key_6"), "shk_2"), Cancellation)).Verdict.Status);
    }

    [Fact]
    public async Task A_sharing_key_that_is_not_in_memory_is_asked_for()
    {
        _book.Cached = false;
        using TokenDesk desk = await OpenAsync();
        IssuedTokens tokens = await LogInAsync(desk);
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);

        _book.Current = null;

        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.VerifyAsync(tokens.AccessToken!)).Status);
    }

    [Fact]
    public async Task An_application_and_a_workspace_of_the_same_id_are_two_grantees()
    {
        using TokenDesk desk = await OpenAsync();
        _book.Current = new SharingKey("shk_1", "ws_grantor");
        var application = new Credential("key_2") { ApplicationId = "same" };
        var workspace = new Credential("key_3") { WorkspaceId = "same" };
        var key = new Credential("same");

        Assert.Equal(TokenStatus.Valid, (await desk.Issuer.LogInAsync(LogInOf(application), Cancellation)).Verdict.Status);
        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.Issuer.LogInAsync(LogInOf(workspace), Cancellation)).Verdict.Status);
        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.Issuer.LogInAsync(LogInOf(key), Cancellation)).Verdict.Status);
    }

    [Fact]
    public async Task Without_a_source_of_sharing_keys_none_is_accepted()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = _time, Store = _store });

        Assert.Equal(TokenStatus.SharingKeyRefused, (await desk.Issuer.LogInAsync(LogInOf(desk.Client), Cancellation)).Verdict.Status);
    }

    private Task<TokenDesk> OpenAsync() => TokenDesk.OpenAsync(new TokenDeskSettings
    {
        Time = _time,
        Store = _store,
        Sharing = new SharingKeyRule(_book, _store, _time).CheckAsync,
    });

    private static async Task<IssuedTokens> LogInAsync(TokenDesk desk)
    {
        IssuedTokens tokens = await desk.Issuer.LogInAsync(LogInOf(desk.Client), Cancellation);
        Assert.Equal(TokenStatus.Valid, tokens.Verdict.Status);
        return tokens;
    }

    private static LogIn LogInOf(Credential client, string sharingKey = "shk_1") => new(client, ["orders.read", "orders.write"]) { WorkspaceId = "ws_grantor", SharingKeyId = sharingKey };
}
