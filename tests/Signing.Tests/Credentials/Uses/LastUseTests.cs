using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Uses;

/// <summary>Which requests count as a use, when it is noted, and what becomes of it when the store fails or the host stops.</summary>
public sealed class LastUseTests : IDisposable
{
    private static readonly DateTimeOffset Start = new ManualTimeProvider().GetUtcNow();

    private readonly ManualTimeProvider _clock = new();
    private readonly StoredCredentials _stored;
    private readonly UseRecordingStore _store;

    public LastUseTests()
    {
        _stored = new StoredCredentials(_clock);
        _store = new UseRecordingStore(_stored.Store);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stored.Dispose();

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_signed_request_is_noted_with_Secret_time_and_address_through_either_door(Door door)
    {
        await using TokenApi api = await StartAsync(door);
        ApplicationResult made = await PairAsync();
        DateTimeOffset at = _clock.GetUtcNow();

        Assert.Equal(200, await SignedAsync(api, made));
        await WriteAsync(api);

        Assert.Equal([new SecretUse(made.Credential!.Id, 1, new LastUse(at, "127.0.0.1"))], _store.Uses);
        CredentialRecord row = await GetAsync(made);
        Assert.Equal((new LastUse(at, "127.0.0.1"), row.LastUsed, 1L), (row.LastUsed, row.Secrets[0].LastUsed, row.Version));
    }

    [Fact]
    public async Task It_is_noted_once_a_minute_and_only_forward()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        DateTimeOffset first = _clock.GetUtcNow();
        for (int second = 0; second < 120; second += 10)
        {
            Assert.Equal(200, await SignedAsync(api, made));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        _clock.SetClock(_clock.GetUtcNow().AddMinutes(-2));
        await SignedAsync(api, made);
        await WriteAsync(api);

        Assert.Equal([first, first.AddMinutes(1)], _store.Uses.Select(use => use.Use.At).Order());
        Assert.Equal(first.AddMinutes(1), (await GetAsync(made)).LastUsed?.At);
    }

    [Fact]
    public async Task A_request_that_is_refused_is_no_use()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();

        Assert.Equal(401, await SignedAsync(api, made, draft => draft.Secret = "not the secret of this credential"));
        Assert.Equal(401, await SignedAsync(api, made, draft => draft.Created = _clock.GetUtcNow().AddMinutes(-10)));
        Assert.Equal(401, await SignedAsync(api, made, draft =>
        {
            draft.Body = [1];
            draft.WithDigest = false;
        }));
        await _stored.Desk.SuspendAsync(made.Credential!.Id, null, StoredCredentials.Operator, Cancellation);
        Assert.Equal(401, await SignedAsync(api, made));
        Assert.Equal(401, (await api.JsonAsync("/auth/login", new { client_id = made.Credential.Key, client_secret = made.Text })).Status);
        await WriteAsync(api);

        Assert.Empty(_store.Uses);
    }

    [Fact]
    public async Task A_replayed_request_is_no_use()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        RequestDraft draft = Draft(api, made);
        Assert.Equal(200, (await api.Host.SendAsync(draft)).Status);
        await WriteAsync(api);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("replayed", (await api.Host.SendAsync(draft)).Code);
        await WriteAsync(api);

        Assert.Single(_store.Uses);
    }

    [Fact]
    public async Task The_Secret_that_retires_shows_its_own_last_use_be_it_by_signature_or_by_login()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        SecretResult rotated = await _stored.Desk.RotateAsync(made.Credential!.Id, null, TimeSpan.FromDays(1), StoredCredentials.Operator, Cancellation);
        Assert.Equal(200, await SignedAsync(api, made, draft => draft.Secret = rotated.Text!));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(200, (await api.JsonAsync("/auth/login", new { client_id = made.Credential.Key, client_secret = made.Text })).Status);
        await WriteAsync(api);

        CredentialRecord row = await GetAsync(made);

        Assert.Equal(TimeSpan.FromMinutes(5), row.Secrets[0].LastUsed!.Value.At - row.Secrets[1].LastUsed!.Value.At);
        Assert.Equal(row.Secrets[0].LastUsed, row.LastUsed);
        Assert.True(KeyHealthRules.Of(row, TimeSpan.FromDays(90), _clock.GetUtcNow()).HasFlag(KeyHealth.RetiringSecretInUse));
    }

    [Fact]
    public async Task An_ApiToken_is_noted_and_its_parent_is_not()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        SecretResult token = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Report", ParentId = made.Credential!.Id });
        DateTimeOffset at = _clock.GetUtcNow();

        Assert.Equal(200, (await api.GetAsync(token.Text!, "/api", "X-API-Key")).Status);
        Assert.Equal(401, (await api.GetAsync(token.Text![..^1] + '!', "/api", "X-API-Key")).Status);
        await WriteAsync(api);

        Assert.Equal([new SecretUse(token.Credential!.Id, 1, new LastUse(at, "127.0.0.1"))], _store.Uses);
        Assert.Equal(at, (await _stored.Store.GetAsync<CredentialRecord>(token.Credential.Id, Cancellation))!.Secrets[0].LastUsed?.At);
    }

    [Fact]
    public async Task An_access_token_is_a_use_of_its_client_and_of_none_of_its_Secrets()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        (string access, _) = await LogInAsync(api, made);
        await WriteAsync(api);
        DateTimeOffset login = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(200, (await api.GetAsync(access)).Status);
        await WriteAsync(api);

        CredentialRecord row = await GetAsync(made);
        Assert.Equal((login.AddMinutes(2), login), (row.LastUsed!.Value.At, row.Secrets[0].LastUsed!.Value.At));
    }

    [Fact]
    public async Task A_signature_and_a_token_together_are_one_use_of_the_Secret()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        (string access, _) = await LogInAsync(api, made);
        await WriteAsync(api);
        _store.Uses.Clear();
        _clock.Advance(TimeSpan.FromMinutes(2));

        RequestDraft draft = api.GetDraft("/both", "Authorization", $"Bearer {access}", signed: true);
        (draft.KeyId, draft.Secret) = (made.Credential!.Key!, made.Text!);
        Assert.Equal(200, (await api.Host.SendAsync(draft)).Status);
        await WriteAsync(api);

        Assert.Equal([(made.Credential.Id, 1)], _store.Uses.Select(use => (use.Id, use.SecretVersion)));
    }

    [Fact]
    public async Task A_sharing_key_is_used_by_the_login_each_refresh_and_each_request_with_its_tokens()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        WorkspaceRecord grantor = await _stored.WorkspaceAsync("Beta");
        SharingKeyResult shared = await _stored.Desk.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = grantor.Id, Name = "For Acme", GranteeWorkspaceId = made.Application!.WorkspaceId }, StoredCredentials.Operator, Cancellation);
        Canary.Watch(shared.Text!);
        async Task<DateTimeOffset?> LastUsedAsync()
        {
            await WriteAsync(api);
            return (await _stored.Store.GetAsync<SharingKeyRecord>(shared.SharingKey!.Id, Cancellation))!.LastUsed?.At;
        }

        (string access, string refresh) = await LogInAsync(api, made, shared.Text);
        Assert.Equal(_clock.GetUtcNow(), await LastUsedAsync());

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await api.GetAsync(access)).Status);
        Assert.Equal(_clock.GetUtcNow(), await LastUsedAsync());

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(200, (await api.GetAsync(access)).Status);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(-59), await LastUsedAsync());

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await api.JsonAsync("/auth/refresh", new { refresh_token = refresh, client_id = made.Credential!.Key, client_secret = made.Text })).Status);
        Assert.Equal(_clock.GetUtcNow(), await LastUsedAsync());
    }

    [Fact]
    public async Task Uses_are_written_every_five_seconds_together_and_nothing_where_there_are_none()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult one = await PairAsync();
        ApplicationResult two = await _stored.PairAsync(await _stored.WorkspaceAsync("Beta"), "Two");
        await SignedAsync(api, one);
        await SignedAsync(api, two);
        Assert.Equal(0, _store.Calls);

        Task<IReadOnlyCollection<SecretUse>> next = _store.NextAsync();
        _clock.Advance(LastUseWriter.Period);

        Assert.Equal(new[] { one.Credential!.Id, two.Credential!.Id }.Order(), (await next).Select(use => use.Id).Order());
        await WriteAsync(api);
        Assert.Equal(1, _store.Calls);
    }

    [Fact]
    public async Task A_store_that_fails_refuses_no_request_is_logged_once_and_loses_nothing()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        _store.Failure = new IOException("the disk is full");
        for (int minute = 0; minute < 3; minute++)
        {
            Assert.Equal(200, await SignedAsync(api, made));
            await WriteAsync(api);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        _store.Failure = null;
        await WriteAsync(api);
        await WriteAsync(api);

        Assert.Equal(_clock.GetUtcNow().AddMinutes(-1), (await GetAsync(made)).LastUsed?.At);
        Assert.Single(api.Host.Log.Lines, line => line is { Id: 2012, Level: LogLevel.Error });
        Assert.Single(api.Host.Log.Lines, line => line is { Id: 2013, Level: LogLevel.Information });
    }

    [Fact]
    public async Task What_waits_when_the_host_stops_is_written()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        await SignedAsync(api, made);

        await api.Host.App.StopAsync(Cancellation);

        Assert.Single(_store.Uses);
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_hold_up_the_stop_longer_than_the_host_waits()
    {
        await using TokenApi api = await StartAsync();
        ApplicationResult made = await PairAsync();
        await SignedAsync(api, made);
        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();
        _store.Failure = new OperationCanceledException(hurry.Token);

        await api.Host.App.Services.GetRequiredService<LastUseWriter>().WriteAsync(hurry.Token);

        Assert.Empty(_store.Uses);
        Assert.DoesNotContain(api.Host.Log.Lines, line => line.Id == 2012);
    }

    [Fact]
    public void Uses_that_nobody_takes_do_not_fill_the_memory()
    {
        var uses = new LastUses(areWanted: true);
        var context = new DefaultHttpContext();
        for (int i = 0; i < LastUses.Capacity + 10; i++)
        {
            uses.Note(new Credential($"key_{i}"), Credential.NoSecret, context, Start);
            uses.NoteSharingKey($"shk_{i}", context, Start);
        }

        IReadOnlyCollection<SecretUse> waiting = uses.Take();
        Assert.Equal(LastUses.Capacity, waiting.Count);
        Assert.Empty(uses.Take());

        // That the first sharing keys were noted is forgotten, that the last ones were is not.
        uses.NoteSharingKey("shk_0", context, Start);
        uses.NoteSharingKey($"shk_{LastUses.Capacity + 9}", context, Start);
        Assert.Equal("shk_0", Assert.Single(uses.Take()).Id);
    }

    [Fact]
    public void A_sharing_key_is_noted_once_a_minute()
    {
        var uses = new LastUses(areWanted: true);
        var context = new DefaultHttpContext();
        int[] seconds = [0, 0, 59, 60, 119, 120];

        int[] noted = [.. seconds.Select(second =>
        {
            uses.NoteSharingKey("shk_1", context, Start.AddSeconds(second));
            return uses.Take().Count;
        })];

        Assert.Equal([1, 0, 0, 1, 0, 1], noted);
    }

    [Fact]
    public void What_is_put_back_does_not_take_the_place_of_something_later()
    {
        var uses = new LastUses(areWanted: true);
        var context = new DefaultHttpContext();
        var credential = new Credential("key_1");
        uses.Note(credential, Credential.NoSecret, context, Start);
        IReadOnlyCollection<SecretUse> first = uses.Take();
        uses.Note(credential, Credential.NoSecret, context, Start.AddMinutes(1));

        uses.PutBack(first);

        Assert.Equal(Start.AddMinutes(1), Assert.Single(uses.Take()).Use.At);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData(null, null)]
    public void An_address_is_noted_as_people_write_it(string? seen, string? noted)
    {
        var uses = new LastUses(areWanted: true);
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = seen is null ? null : IPAddress.Parse(seen) } };

        uses.Note(new Credential("key_1"), Credential.NoSecret, context, Start);

        Assert.Equal(noted, Assert.Single(uses.Take()).Use.Address);
    }

    [Fact]
    public void Without_a_store_nothing_is_kept()
    {
        var uses = new LastUses(areWanted: false);

        uses.Note(new Credential("key_1"), Credential.NoSecret, new DefaultHttpContext(), Start);
        uses.NoteSharingKey("shk_1", new DefaultHttpContext(), Start);

        Assert.Empty(uses.Take());
    }

    [Fact]
    public async Task Of_many_requests_at_once_one_is_noted()
    {
        var uses = new LastUses(areWanted: true);
        var credential = new Credential("key_1");
        int noted = 0;
        using var together = new Barrier(4);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 2000; i++)
                {
                    together.SignalAndWait(Cancellation);
                    if (credential.TryNoteUse(Credential.NoSecret, Start.AddMinutes(i)))
                    {
                        Interlocked.Increment(ref noted);
                    }
                }
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(2000, noted);
        Assert.Empty(uses.Take());
    }

    [Fact]
    public void A_use_that_is_noted_already_costs_no_allocation()
    {
        var uses = new LastUses(areWanted: true);
        var context = new DefaultHttpContext();
        var credential = new Credential("key_1", new CredentialSecret(new SigningKey("key_1", "0123456789abcdef"), null, 7));

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            uses.Note(credential, 0, context, Start);
            uses.NoteSharingKey("shk_1", context, Start);
        }));
        Assert.Equal([("key_1", 7), ("shk_1", 0)], uses.Take().Select(use => (use.Id, use.SecretVersion)).Order());
    }

    private static async Task<(string Access, string Refresh)> LogInAsync(TokenApi api, ApplicationResult made, string? sharingKey = null)
    {
        RawAnswer answer = await api.JsonAsync("/auth/login", new { client_id = made.Credential!.Key, client_secret = made.Text, sharing_key = sharingKey });
        Assert.True(answer.Status == 200, answer.ToString());
        return TokenApi.TokensOf(answer);
    }

    private static RequestDraft Draft(TokenApi api, ApplicationResult made)
    {
        RequestDraft draft = api.Host.Draft("GET", "/orders");
        (draft.KeyId, draft.Secret) = (made.Credential!.Key!, made.Text!);
        return draft;
    }

    private static async Task<int> SignedAsync(TokenApi api, ApplicationResult made, Action<RequestDraft>? change = null)
    {
        RequestDraft draft = Draft(api, made);
        change?.Invoke(draft);
        return (await api.Host.SendAsync(draft)).Status;
    }

    private static Task WriteAsync(TokenApi api) => api.Host.App.Services.GetRequiredService<LastUseWriter>().WriteAsync(Cancellation);

    private async Task<CredentialRecord> GetAsync(ApplicationResult made) => (await _stored.Store.GetAsync<CredentialRecord>(made.Credential!.Id, Cancellation))!;

    private async Task<ApplicationResult> PairAsync() => await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");

    private Task<TokenApi> StartAsync(Door door = Door.Scheme) => TokenApi.StartAsync(new TokenApiSettings
    {
        Door = door,
        Clock = _clock,
        Build = builder => builder.Services
            .AddSingleton<ICredentialStore>(_store)
            .AddSingleton<ICredentialSource>(_store)
            .AddSingleton<IApiTokenSource>(_store)
            .AddSingleton<ISharingKeySource>(_store),
        Schemes = schemes => schemes.AddApiToken(options => options.Header = "X-API-Key"),
        Map = app => app.MapGet("/api", [Authorize(AuthenticationSchemes = "ApiToken")] (HttpContext context) => context.User.Identity!.Name),
    });
}
