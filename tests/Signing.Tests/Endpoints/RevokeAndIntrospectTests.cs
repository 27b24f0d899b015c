using System.Buffers.Binary;
using System.Buffers.Text;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.Tests.Endpoints;

public sealed class RevokeAndIntrospectTests
{
    private const string OtherKey = "key-two";
    private const string OtherSecret = "the secret of key two, long enough";

    private static readonly (string Name, string Value) Basic = ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret));
    private static readonly (string Name, string Value) OtherBasic = ("Authorization", TokenApi.Basic(OtherKey, OtherSecret));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Revoking_either_token_ends_the_login(bool refreshToken)
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (string access, string refresh) = await api.LogInAsync();

        RawAnswer revoked = await api.FormAsync("/auth/revoke", $"token={(refreshToken ? refresh : access)}&token_type_hint=nonsense", Basic);
        RawAnswer again = await api.FormAsync("/auth/revoke", $"token={refresh}", Basic);

        Assert.Equal((200, "", 200), (revoked.Status, revoked.Text, again.Status));
        Assert.Equal((401, "revoked"), ((await api.GetAsync(access)).Status, (await api.GetAsync(access)).Code));
        Assert.Equal((400, "invalid_grant", "revoked"), TokenApi.ErrorOf(await api.RefreshAsync(refresh)));
    }

    [Fact]
    public async Task What_is_no_token_is_revoked_already_and_what_is_another_s_is_not()
    {
        await using TokenApi api = await StartWithTwoAsync();
        (string access, string refresh) = await api.LogInAsync();

        Assert.Equal(200, (await api.FormAsync("/auth/revoke", "token=nonsense", Basic)).Status);
        Assert.Equal(200, (await api.FormAsync("/auth/revoke", $"token={refresh[..^1]}{(refresh[^1] == '_' ? 'A' : '_')}", Basic)).Status);
        Assert.Equal((400, "invalid_grant", "invalid_credential"), TokenApi.ErrorOf(await api.FormAsync("/auth/revoke", $"token={access}", OtherBasic)));
        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(await api.FormAsync("/auth/revoke", "", Basic)));
        Assert.Equal((401, "invalid_client", null), TokenApi.ErrorOf(await api.FormAsync("/auth/revoke", $"token={access}")));
        Assert.Equal(
            (400, "unsupported_token_type", null),
            TokenApi.ErrorOf(await api.FormAsync("/auth/revoke", $"token={new CredentialFormat("sgn").CreateApiToken("live")}", Basic)));
        Assert.Equal(200, (await api.GetAsync(access)).Status);
    }

    [Fact]
    public async Task An_expired_access_token_still_ends_its_login()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (string access, string refresh) = await api.LogInAsync();
        api.Host.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(200, (await api.FormAsync("/auth/revoke", $"token={access}", Basic)).Status);
        Assert.Equal((400, "invalid_grant", "revoked"), TokenApi.ErrorOf(await api.RefreshAsync(refresh)));
    }

    [Fact]
    public async Task While_the_store_of_grants_cannot_be_asked_nothing_is_revoked_and_nothing_is_called_inactive()
    {
        var clock = new ManualTimeProvider();
        var store = new CountingStore(new InMemoryGrantStore(time: clock));
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Clock = clock, Build = builder => builder.Services.AddSingleton<IGrantStore>(store) });
        (string access, string refresh) = await api.LogInAsync();
        store.Failure = new IOException("The store is down.");

        foreach (string token in (string[])[access, refresh, OfTheNextMasterKey(refresh)])
        {
            foreach (string path in (string[])["/auth/revoke", "/auth/introspect"])
            {
                RawAnswer answer = await api.FormAsync(path, $"token={token}", Basic);
                Assert.Equal((503, "grant_store_unavailable"), (answer.Status, TokenApi.Member(answer, "code")));
            }
        }

        store.Failure = null;
        Assert.Equal(200, (await api.GetAsync(access)).Status);
        Assert.Equal(200, (await api.RefreshAsync(refresh)).Status);
    }

    [Fact]
    public async Task Its_own_client_may_know_everything_about_a_token()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (string access, string refresh) = await api.LogInAsync();
        long now = api.Host.Clock.GetUtcNow().ToUnixTimeSeconds();

        RawAnswer ofAccess = await api.FormAsync("/auth/introspect", $"token={access}", Basic);
        RawAnswer ofRefresh = await api.FormAsync("/auth/introspect", $"token={refresh}&token_type_hint=refresh_token", Basic);

        Assert.Equal(("True", ApiHost.Key, "Bearer", TokenApi.Issuer), (Of(ofAccess, "active"), Of(ofAccess, "client_id"), Of(ofAccess, "token_type"), Of(ofAccess, "iss")));
        Assert.InRange(long.Parse(Of(ofAccess, "exp")!), now + 900, now + 901);
        Assert.Equal(now, long.Parse(Of(ofAccess, "iat")!));
        Assert.Equal(("True", "refresh_token"), (Of(ofRefresh, "active"), Of(ofRefresh, "token_type")));
        Assert.Equal("no-store", ofAccess["Cache-Control"]);
    }

    [Fact]
    public async Task Another_client_may_know_only_with_the_scope_for_it()
    {
        await using TokenApi api = await StartWithTwoAsync();
        (string access, _) = await api.LogInAsync();

        RawAnswer stranger = await api.FormAsync("/auth/introspect", $"token={access}", OtherBasic);
        api.Host.Credentials.Set(new Credential(OtherKey, new CredentialSecret(new SigningKey(OtherKey, OtherSecret))) { Scopes = ["introspect"] });
        RawAnswer inspector = await api.FormAsync("/auth/introspect", $"token={access}", OtherBasic);

        Assert.Equal("""{"active":false}""", stranger.Text);
        Assert.Equal(("True", ApiHost.Key), (Of(inspector, "active"), Of(inspector, "client_id")));
    }

    [Fact]
    public async Task A_stranger_who_looks_at_a_token_does_not_use_it()
    {
        await using TokenApi api = await StartWithTwoAsync();
        (_, string lost) = await api.LogInAsync();
        (string access, string refresh) = TokenApi.TokensOf(await api.RefreshAsync(lost));

        Assert.Equal("""{"active":false}""", (await api.FormAsync("/auth/introspect", $"token={access}", OtherBasic)).Text);

        // The client that has not heard the answer gets it again: only what was used is not given twice.
        Assert.Equal((access, refresh), TokenApi.TokensOf(await api.RefreshAsync(lost)));
        Assert.Equal("True", Of(await api.FormAsync("/auth/introspect", $"token={access}", Basic), "active"));
        Assert.Equal((400, "invalid_grant", "refresh_reused"), TokenApi.ErrorOf(await api.RefreshAsync(lost)));
    }

    [Fact]
    public async Task An_expired_token_of_another_does_not_tell_whether_its_login_goes_on()
    {
        await using TokenApi api = await StartWithTwoAsync();
        (string access, string refresh) = await api.LogInAsync();
        string brief = TokenApi.Member(await api.FormAsync("/auth/token", "grant_type=client_credentials", Basic), "access_token")!;
        api.Host.Clock.Advance(TimeSpan.FromHours(1));
        await api.LogInAsync();

        foreach (string token in (string[])[access, brief])
        {
            Assert.Equal((200, ""), ((await api.FormAsync("/auth/revoke", $"token={token}", OtherBasic)) is var answer ? answer.Status : 0, answer.Text));
        }

        Assert.Equal(200, (await api.RefreshAsync(refresh)).Status);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("sgn_access_AAAA")]
    [InlineData("sgn_token_live_AAAA")]
    public async Task What_is_worth_nothing_is_not_active_and_says_no_more(string token)
    {
        await using TokenApi api = await TokenApi.StartAsync();

        RawAnswer answer = await api.FormAsync("/auth/introspect", $"token={token}", Basic);

        Assert.Equal((200, """{"active":false}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_token_that_has_ended_is_not_active()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        (string access, string refresh) = await api.LogInAsync();
        api.Host.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("""{"active":false}""", (await api.FormAsync("/auth/introspect", $"token={access}", Basic)).Text);
        Assert.Equal("True", Of(await api.FormAsync("/auth/introspect", $"token={refresh}", Basic), "active"));
        Assert.Equal((401, "invalid_client", null), TokenApi.ErrorOf(await api.FormAsync("/auth/introspect", $"token={refresh}")));
        Assert.Equal((400, "invalid_request", null), TokenApi.ErrorOf(await api.FormAsync("/auth/introspect", "", Basic)));
    }

    private static string? Of(RawAnswer answer, string name) => TokenApi.Member(answer, name);

    // What another node makes once it has a master key that this one has not heard of; the MAC is none.
    private static string OfTheNextMasterKey(string token)
    {
        const int VersionAt = 24;
        byte[] content = Base64Url.DecodeFromChars(token.AsSpan()[^TokenFormat.EncodedLength..]);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(VersionAt), BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(VersionAt)) + 1);
        return token[..^TokenFormat.EncodedLength] + Base64Url.EncodeToString(content);
    }

    private static async Task<TokenApi> StartWithTwoAsync()
    {
        TokenApi api = await TokenApi.StartAsync();
        api.Host.Credentials.Set(new Credential(OtherKey, new CredentialSecret(new SigningKey(OtherKey, OtherSecret))));
        return api;
    }
}
