using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class AvailabilityTests
{
    public static TheoryData<Door, bool> DoorsAndWaiting() => new()
    {
        { Door.Scheme, true }, { Door.Scheme, false }, { Door.Middleware, true }, { Door.Middleware, false },
    };

    [Theory]
    [MemberData(nameof(DoorsAndWaiting))]
    public async Task A_credential_source_that_fails_is_503_and_never_an_answer_about_the_caller(Door door, bool cached)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        host.Credentials.Cached = cached;
        host.Credentials.Failure = new InvalidOperationException("The database is away.");

        RawAnswer answer = await host.SendAsync(host.Draft());

        Assert.Equal((503, "credential_store_unavailable", 0), (answer.Status, answer.Code, host.Calls));
        Assert.True(int.Parse(answer["Retry-After"]!) > 0);
        Assert.Null(answer["WWW-Authenticate"]);
        LogLine alarm = Assert.Single(host.Log.Alarms);
        Assert.Equal((3, LogLevel.Error), (alarm.Id, alarm.Level));
    }

    [Fact]
    public async Task A_source_that_gives_up_waiting_by_itself_is_503_too()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Credentials.Failure = new OperationCanceledException("The database took too long.");

        Assert.Equal(503, (await host.SendAsync(host.Draft())).Status);
    }

    [Fact]
    public async Task The_source_is_asked_and_waited_for_when_its_memory_does_not_know()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Credentials.Cached = false;

        Assert.Equal(ApiHost.Key, (await host.SendAsync(host.Draft())).User);
        Assert.Equal([ApiHost.Key], host.Credentials.Asked);
    }

    [Fact]
    public async Task A_key_id_with_escapes_is_looked_up_without_them()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Credentials.Cached = false;
        host.Credentials.Set(new Credential("a\"b\\c", new CredentialSecret(new SigningKey("a\"b\\c", ApiHost.Secret))));
        RequestDraft draft = host.Draft();
        draft.KeyId = "a\\\"b\\\\c";

        Assert.Equal("a\"b\\c", (await host.SendAsync(draft)).User);
    }

    [Fact]
    public async Task An_open_endpoint_is_served_while_the_source_is_away()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Credentials.Failure = new InvalidOperationException("The database is away.");

        Assert.Equal("nobody", (await host.SendAsync(host.Draft("GET", "/open"))).User);
    }

    [Fact]
    public async Task A_caller_that_goes_away_while_its_key_is_looked_up_is_no_failure_of_the_source()
    {
        var ended = new TaskCompletionSource();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Before = app => app.Use(next => async context =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    ended.TrySetResult();
                }
            }),
        });
        host.Credentials.Cached = false;
        host.Credentials.Gate = new TaskCompletionSource().Task;
        await using (RawHttp connection = await RawHttp.ConnectAsync(host.Port))
        {
            await connection.SendAsync(host.Draft().ToHttp1());
            Assert.True(SpinWait.SpinUntil(() => !host.Credentials.Asked.IsEmpty, TimeSpan.FromSeconds(30)));
            connection.Abort();
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [MemberData(nameof(DoorsAndWaiting))]
    public async Task A_replay_store_that_fails_or_cannot_tell_is_503_and_the_endpoint_is_not_reached(Door door, bool throws)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddSingleton<IReplayStore>(new FailingStore(throws)),
        });

        RawAnswer answer = await host.SendAsync(host.Draft());

        Assert.Equal((503, "replay_store_unavailable", 0), (answer.Status, answer.Code, host.Calls));
        Assert.True(int.Parse(answer["Retry-After"]!) > 0);
        Assert.Equal(throws ? [4] : [], host.Log.Alarms.Select(alarm => alarm.Id));
    }

    [Fact]
    public async Task Of_two_signatures_the_one_whose_key_is_known_is_accepted_while_the_source_fails_for_the_other()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddSingleton<ICredentialSource, HalfBroken>(),
            CredentialsFromConfiguration = true,
        });
        RequestDraft ours = host.Draft();
        RequestDraft alone = host.Draft();
        alone.KeyId = "broken";

        Assert.Equal(503, (await host.SendAsync(alone)).Status);
        Assert.Equal(ApiHost.Key, (await host.SendAsync(Together(host, "broken", ours))).User);
        ours.Secret += "x";
        Assert.Equal("credential_store_unavailable", (await host.SendAsync(Together(host, "broken", ours))).Code);

        RequestDraft behind = host.Draft();
        behind.KeyId = "broken";
        Assert.Equal("credential_store_unavailable", (await host.SendAsync(Beside(host, ours, behind))).Code);
    }

    [Fact]
    [Trait("Protocol", "V3")]
    public async Task A_foreign_signature_that_is_broken_denies_nobody_and_decides_nothing()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Assert.Equal(ApiHost.Key, (await host.SendAsync(Together(host, "stranger", host.Draft()))).User);
        Assert.Equal("invalid_credential", (await host.SendAsync(Together(host, "stranger", Wrong(host)))).Code);
    }

    private static RequestDraft Wrong(ApiHost host)
    {
        RequestDraft draft = host.Draft();
        draft.Secret += "x";
        return draft;
    }

    // The stranger's signature comes first.
    private static RequestDraft Together(ApiHost host, string stranger, RequestDraft ours)
    {
        RequestDraft theirs = host.Draft();
        theirs.KeyId = stranger;
        theirs.Label = "theirs";
        return Beside(host, theirs, ours);
    }

    private static RequestDraft Beside(ApiHost host, RequestDraft first, RequestDraft second)
    {
        second.Label = first.Label == second.Label ? "second" : second.Label;
        RequestDraft both = host.Draft();
        both.Signed = false;
        foreach ((string name, string value) in (IEnumerable<(string, string)>)[.. first.AllFields(), .. second.AllFields()])
        {
            both.With(name, value);
        }

        return both;
    }

    private sealed class FailingStore(bool throws) : IReplayStore
    {
        public async ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return throws ? throw new InvalidOperationException("The store is away.") : default;
        }
    }

    private sealed class HalfBroken : ICredentialSource
    {
        private readonly Credential _known = new(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret)));

        public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
        {
            credential = key is ApiHost.Key ? _known : null;
            return credential is not null;
        }

        public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => throw new InvalidOperationException("Away.");
    }
}
