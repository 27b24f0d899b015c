using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>An API with two customers and the one who shares: the tokens and sharing keys of the second in every state, for the first to come with.</summary>
internal sealed class OthersTokens : IAsyncDisposable
{
    private readonly StoredCredentials _kept;
    private readonly InMemoryGrantStore _grants;
    private readonly HashSet<UInt128> _ids = [];

    private OthersTokens(StoredCredentials kept, InMemoryGrantStore grants, TokenApi api) => (_kept, _grants, Api) = (kept, grants, api);

    public TokenApi Api { get; }

    /// <summary>The client that comes with what is not its own.</summary>
    public (string Key, string Secret) Thief { get; private set; }

    /// <summary>The second customer's client.</summary>
    public ApplicationResult Owner { get; private set; }

    /// <summary>Texts of which one is like the other to somebody else, by what they are.</summary>
    public Dictionary<string, List<string>> Texts { get; } = new(StringComparer.Ordinal) { ["access"] = [], ["refresh"] = [], ["sharing"] = [] };

    /// <summary>The tokens of a login whose last refresh its client has not heard the answer of.</summary>
    public (string Before, string Access, string Refresh) Unheard { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<OthersTokens> StartAsync()
    {
        var clock = new ManualTimeProvider();
        var kept = new StoredCredentials(clock);
        var grants = new InMemoryGrantStore(time: clock);
        TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Clock = clock,
            Endpoints = options => (options.RequestsPerAddress, options.RequestsPerClient, options.RefreshTokenWithClientCredentials) = (0, 0, false),
            Build = builder =>
            {
                kept.Register(builder.Services);
                builder.Services.AddSingleton<IGrantStore>(grants);
            },
        });
        var others = new OthersTokens(kept, grants, api);
        await others.SettleAsync();
        return others;
    }

    public async Task<(string Access, string Refresh)> RefreshAsync(ApplicationResult client, string token)
    {
        RawAnswer answer = await Api.JsonAsync("/auth/refresh", new { refresh_token = token, client_id = client.Credential!.Key, client_secret = client.Text });
        return answer.Status == 200 ? TokenApi.TokensOf(answer) : ("", answer.Text);
    }

    /// <summary>Reads every grant, every row and every event as they are stored.</summary>
    public async Task<string> ReadAsync()
    {
        List<object?> all = [.. await _kept.AuditAsync()];
        foreach (UInt128 id in _ids)
        {
            all.Add(await _grants.FindAsync(id, Stop));
        }

        all.AddRange((await _kept.Store.ListAsync<CredentialRecord>(new RowQuery(), Stop)).Rows.Where(row => row.Key != Thief.Key));
        all.AddRange((await _kept.Store.ListAsync<SharingKeyRecord>(new RowQuery(), Stop)).Rows);
        return string.Join('\n', all.Select(row => System.Text.Json.JsonSerializer.Serialize(row)));
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _kept.Dispose();
    }

    private async Task SettleAsync()
    {
        WorkspaceRecord one = await _kept.WorkspaceAsync("One"), two = await _kept.WorkspaceAsync("Two"), three = await _kept.WorkspaceAsync("Three");
        ApplicationResult thief = await _kept.PairAsync(one, "thief", "read");
        Thief = (thief.Credential!.Key!, thief.Text!);
        Owner = await _kept.PairAsync(two, "owner", "read");
        ApplicationResult suspended = await _kept.PairAsync(two, "suspended", "read"), deleted = await _kept.PairAsync(two, "deleted", "read");

        // At once, used, replaced, revoked, ended because a token came again, of clients that are refused or gone.
        await LogInAsync(Owner);
        (string used, _) = await LogInAsync(Owner);
        Assert.Equal(200, (await Api.GetAsync(used)).Status);
        (_, string before) = await LogInAsync(Owner);
        (string access, string refresh) = Keep(await RefreshAsync(Owner, before));
        Unheard = (before, access, refresh);
        (string over, _) = await LogInAsync(Owner);
        Assert.Equal(200, (await Api.FormAsync("/auth/revoke", $"token={over}", ("Authorization", TokenApi.Basic(Owner.Credential!.Key!, Owner.Text!)))).Status);
        (_, string again) = await LogInAsync(Owner);
        (string first, _) = Keep(await RefreshAsync(Owner, again));
        Assert.Equal(200, (await Api.GetAsync(first)).Status);
        Assert.Contains("refresh_reused", (await RefreshAsync(Owner, again)).Refresh, StringComparison.Ordinal);
        await LogInAsync(suspended);
        await LogInAsync(deleted);
        await _kept.Desk.SuspendAsync(suspended.Credential!.Id, null, StoredCredentials.Operator, Stop);
        await _kept.Desk.DeleteAsync<CredentialRecord>(deleted.Credential!.Id, null, StoredCredentials.Operator, Stop);

        // Without a refresh token, so that the grant is forgotten with its access token.
        RawAnswer brief = await Api.FormAsync("/auth/token", "grant_type=client_credentials", ("Authorization", TokenApi.Basic(Owner.Credential.Key!, Owner.Text!)));
        Texts["access"].Add(TokenApi.Member(brief, "access_token")!);

        foreach (string name in new[] { "granted", "ended", "suspended", "revoked", "deleted" })
        {
            SharingKeyResult made = await _kept.Desk.CreateSharingKeyAsync(
                new NewSharingKey { GrantorWorkspaceId = three.Id, GranteeWorkspaceId = two.Id, Name = name, Scopes = ["read"], Expires = name == "ended" ? Api.Host.Clock.GetUtcNow().AddSeconds(1) : null }, StoredCredentials.Operator, Stop);
            Canary.Watch(made.Text!);
            Texts["sharing"].Add(made.Text!);
            string id = made.SharingKey!.Id;
            _ = name switch
            {
                "suspended" => (await _kept.Desk.EditAsync<SharingKeyRecord>(id, null, row => row with { Status = StoredStatus.Suspended }, StoredCredentials.Operator, Stop)).Status,
                "revoked" => (await _kept.Desk.RevokeSharingKeyAsync(id, null, StoredCredentials.Operator, Stop)).Status,
                "deleted" => await _kept.Desk.DeleteAsync<SharingKeyRecord>(id, null, StoredCredentials.Operator, Stop),
                _ => ChangeStatus.Changed,
            };
        }

        Texts["sharing"].Add(new CredentialFormat("sgn").CreateSharingKey());
    }

    private async Task<(string Access, string Refresh)> LogInAsync(ApplicationResult client)
    {
        RawAnswer answer = await Api.JsonAsync("/auth/login", new { client_id = client.Credential!.Key, client_secret = client.Text });
        Assert.True(answer.Status == 200, answer.ToString());
        return Keep(TokenApi.TokensOf(answer));
    }

    private (string Access, string Refresh) Keep((string Access, string Refresh) tokens)
    {
        Texts["access"].Add(tokens.Access);
        Texts["refresh"].Add(tokens.Refresh);
        Api.Host.App.Services.GetRequiredService<TokenVerifier>().Read(TokenKind.Refresh, tokens.Refresh, out TokenContent content);
        _ids.Add(content.GrantId);
        return tokens;
    }
}
