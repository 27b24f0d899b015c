using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Signing.AspNetCore;
using Signing.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.Tests.Diagnostics;

public sealed class HealthCheckTests : IDisposable
{
    private const string Credentials = "signing_credentials";
    private const string Secrets = "signing_secrets";
    private const string Replay = "signing_replay";
    private const string Clock = "signing_clock";
    private const string Tokens = "signing_tokens";

    private readonly ManualTimeProvider _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("signing-health-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_can_verify_is_healthy_in_five_ways_whatever_the_number_of_calls()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings { Build = builder => builder.Services.AddHealthChecks().AddSigning(["ready"]).AddSigning() });

        HealthReport report = await api.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(entry => entry.Tags.Contains("ready"), Cancelled);

        Assert.Equal([Clock, Credentials, Replay, Secrets, Tokens], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(report.Entries.Values, entry => Assert.Equal((HealthStatus.Healthy, null), (entry.Status, entry.Exception)));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(60_001)]
    public void A_timeout_has_limits(int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddSigning(timeout: TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task A_configuration_that_was_changed_for_the_worse_or_to_nothing_degrades()
    {
        const string Good = """{ "Signing": { "Credentials": [ { "Key": "a-key", "Secret": "a secret of the health checks" } ] } }""";
        var configuration = new LiveConfiguration(Good);
        await using ServiceProvider services = Build(configuration.Root);
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(services, Credentials)).Status);

        configuration.Replace(Good.Replace("a secret of the health checks", "short", StringComparison.Ordinal));
        HealthReportEntry behind = await AskAsync(services, Credentials);
        configuration.Replace("{}");
        HealthReportEntry empty = await AskAsync(services, Credentials);
        configuration.Replace(Good);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Degraded), (behind.Status, empty.Status));
        Assert.Contains("suspension", behind.Description, StringComparison.Ordinal);
        Assert.Equal((1, 0), (behind.Data["credentials"], empty.Data["credentials"]));
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(services, Credentials)).Status);
        ShowsNothing(behind, empty);
    }

    [Fact]
    public async Task A_file_that_is_gone_or_cannot_be_written_degrades_and_a_closed_one_is_unhealthy()
    {
        await using ServiceProvider services = BuildWithFile();
        var operate = services.GetRequiredService<CredentialAdministration>();
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(services, Credentials)).Status);

        File.Delete(Path.Combine(_folder, "data", "credentials.json"));
        HealthReportEntry gone = await AskAsync(services, Credentials);
        string inTheWay = Directory.CreateDirectory(Path.Combine(_folder, "data", "credentials.json.new")).FullName;
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await operate.CreateWorkspaceAsync(new NewWorkspace { Name = "one" }, new Actor("ann"), Cancelled));
        HealthReportEntry notWritten = await AskAsync(services, Credentials);
        Directory.Delete(inTheWay);
        await operate.CreateWorkspaceAsync(new NewWorkspace { Name = "two" }, new Actor("ann"), Cancelled);
        HealthReportEntry again = await AskAsync(services, Credentials);
        services.GetRequiredService<FileCredentialStore>().Dispose();
        HealthReportEntry closed = await AskAsync(services, Credentials);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Degraded, HealthStatus.Healthy, HealthStatus.Unhealthy), (gone.Status, notWritten.Status, again.Status, closed.Status));
        Assert.Contains("gone from the disk", gone.Description, StringComparison.Ordinal);
        Assert.Contains("could not be written", notWritten.Description, StringComparison.Ordinal);
        ShowsNothing(gone, notWritten, closed);
    }

    [Fact]
    public async Task A_source_of_the_hosts_own_is_asked_and_its_failure_is_told_without_its_words()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings { Build = builder => builder.Services.AddHealthChecks().AddSigning() });
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(api.App.Services, Credentials)).Status);

        api.Credentials.Failure = new TimeoutException("Host=db.internal;Password=hunter2");
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        HealthReportEntry failed = await AskAsync(api.App.Services, Credentials);

        Assert.Equal((HealthStatus.Unhealthy, "TimeoutException", null), (failed.Status, failed.Data["error"], failed.Exception));
        Assert.DoesNotContain("hunter2", failed.Description + string.Join(' ', failed.Data.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_hangs_is_told_in_time_and_asked_once_however_many_want_to_know()
    {
        var gate = new TaskCompletionSource();
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings { Build = builder => builder.Services.AddHealthChecks().AddSigning(timeout: TimeSpan.FromMilliseconds(100)) });
        api.Credentials.Gate = gate.Task;
        var asked = new Hanging();
        await using ServiceProvider services = Build(new ConfigurationBuilder().Build(), more => more.AddSingleton<ICredentialSource>(asked).AddHealthChecks().AddSigning(timeout: TimeSpan.FromMilliseconds(100)));

        HealthReportEntry[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(services, Credentials)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        HealthReportEntry later = await AskAsync(services, Credentials);

        Assert.All(answers.Append(later), answer => Assert.Equal((HealthStatus.Unhealthy, "There was no answer in time."), (answer.Status, answer.Description)));
        Assert.Equal(1, asked.Count);
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(api.App.Services, Credentials)).Status);
        gate.SetResult();
    }

    [Fact]
    public async Task Secrets_are_unhealthy_where_the_ring_does_not_open_them_and_degraded_while_an_older_key_does()
    {
        await using ServiceProvider services = BuildWithFile();
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(services, Secrets)).Status);
        IKeyManager ring = services.GetRequiredService<IKeyManager>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        ring.CreateNewKey(now, now.AddDays(90));
        HealthReportEntry older = await UntilAsync(services, Secrets, HealthStatus.Degraded);
        ring.RevokeAllKeys(now.AddMinutes(1), "stolen");
        HealthReportEntry revoked = await UntilAsync(services, Secrets, HealthStatus.Unhealthy);

        ShowsNothing(older, revoked);
    }

    [Fact]
    public async Task A_replay_store_is_degraded_before_its_floor_and_unhealthy_when_it_is_full_or_fails()
    {
        await using ApiHost young = await ApiHost.StartAsync(new ApiHostSettings { PastTheFloor = false, Build = builder => builder.Services.AddHealthChecks().AddSigning() });
        Assert.Equal(HealthStatus.Degraded, (await AskAsync(young.App.Services, Replay)).Status);
        young.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(young.App.Services, Replay)).Status);

        var store = new InMemoryReplayStore(new VerificationPolicy(), new ReplayOptions { Capacity = ReplayOptions.MinCapacity, FloorAtStart = false }, _clock);
        await using ServiceProvider full = Build(new ConfigurationBuilder().Build(), services => services.AddSingleton<IReplayStore>(store));
        await FillAsync(store);

        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(full, Replay)).Status);
        await using ServiceProvider failing = Build(new ConfigurationBuilder().Build(), services => services.AddSingleton<IReplayStore>(new Failing()));
        HealthReportEntry failed = await AskAsync(failing, Replay);
        Assert.Equal((HealthStatus.Unhealthy, "InvalidOperationException"), (failed.Status, failed.Data["error"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_is_ahead_for_a_moment_is_not_taken_for_the_time_by_the_question(bool twoSchemes)
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Replay.FloorAtStart = false,
            Schemes = authentication => _ = twoSchemes ? authentication.AddMessageSignature("Other", options => options.Replay.FloorAtStart = false) : authentication,
            Build = builder => builder.Services.AddHealthChecks().AddSigning(),
        });
        await SendAsync(api, 0);
        DateTimeOffset now = api.Clock.GetUtcNow();

        api.Clock.SetClock(now + TimeSpan.FromHours(1));
        HealthReportEntry ahead = await AskAsync(api.App.Services, Replay, advance: false);
        api.Clock.SetClock(now);

        Assert.Equal((HealthStatus.Healthy, twoSchemes ? "SharedReplayMemory" : "InMemoryReplayStore"), (ahead.Status, ahead.Data["store"]));
        await SendAsync(api, 0);
    }

    [Fact]
    public async Task A_full_memory_has_room_again_when_what_it_holds_has_passed_although_nobody_claims()
    {
        var store = new InMemoryReplayStore(new VerificationPolicy(), new ReplayOptions { Capacity = ReplayOptions.MinCapacity, FloorAtStart = false }, _clock);
        await FillAsync(store);
        await using ServiceProvider services = Build(new ConfigurationBuilder().Build(), more => more.AddSingleton<IReplayStore>(store));
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(services, Replay)).Status);

        _clock.Advance(new VerificationPolicy().MaxAge + TimeSpan.FromMinutes(1));

        Assert.Equal(HealthStatus.Healthy, (await AskAsync(services, Replay)).Status);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_degrades_until_a_question_has_written_it()
    {
        string folder = Path.Combine(_folder, "grants");
        using JournalGrantStore journal = JournalGrantStore.Open(Path.Combine(folder, "grants.journal"), time: _clock);
        await using ServiceProvider services = Build(new ConfigurationBuilder().Build(), more => more.AddSingleton<IGrantStore>(journal));
        Assert.Equal((HealthStatus.Healthy, "journal"), await StateAsync());
        var key = new SealedMasterKey { Version = 1, Sealed = [1], Created = _clock.GetUtcNow() };

        string elsewhere = folder + "-gone";
        Directory.Move(folder, elsewhere);
        Assert.Equal((HealthStatus.Healthy, "journal"), await StateAsync());
        await Assert.ThrowsAnyAsync<IOException>(async () => await journal.AddMasterKeyAsync(key, Cancelled));
        Assert.Equal((HealthStatus.Degraded, "journal"), await StateAsync());
        HealthReportEntry told = await AskAsync(services, Tokens);
        Directory.Move(elsewhere, folder);

        Assert.Equal((HealthStatus.Healthy, "journal"), await StateAsync());
        Assert.Equal([key], await journal.GetMasterKeysAsync(Cancelled));
        ShowsNothing(told);

        async Task<(HealthStatus, object)> StateAsync()
        {
            HealthReportEntry entry = await AskAsync(services, Tokens);
            return (entry.Status, entry.Data["store"]);
        }
    }

    [Fact]
    public async Task Another_store_of_grants_is_asked_and_one_in_memory_is_not()
    {
        await using ServiceProvider memory = Build(new ConfigurationBuilder().Build(), services => services.AddSingleton<IGrantStore>(new InMemoryGrantStore(time: _clock)));
        var store = new CountingStore(new InMemoryGrantStore(time: _clock));
        await using ServiceProvider foreign = Build(new ConfigurationBuilder().Build(), services => services.AddSingleton<IGrantStore>(store));

        HealthReportEntry inMemory = await AskAsync(memory, Tokens);
        HealthReportEntry asked = await AskAsync(foreign, Tokens);
        store.Failure = new TimeoutException("Host=db.internal/a-key");
        HealthReportEntry failed = await AskAsync(foreign, Tokens);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Unhealthy), (inMemory.Status, asked.Status, failed.Status));
        Assert.Equal((2, "TimeoutException"), (store.Calls, failed.Data["error"]));
        ShowsNothing(inMemory, asked, failed);
    }

    [Fact]
    public async Task A_flood_of_questions_claims_once_in_five_seconds()
    {
        var store = new Counting();
        await using ServiceProvider services = Build(new ConfigurationBuilder().Build(), more => more.AddSingleton<IReplayStore>(store));

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(HealthStatus.Healthy, (await AskAsync(services, Replay, advance: false)).Status);
        }

        Assert.Equal(1, store.Count);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await AskAsync(services, Replay, advance: false);
        Assert.Equal(2, store.Count);
    }

    [Theory]
    [InlineData(0, HealthStatus.Healthy)]
    [InlineData(-4, HealthStatus.Healthy)]
    [InlineData(-30, HealthStatus.Degraded)]
    [InlineData(-200, HealthStatus.Unhealthy)]
    [InlineData(4, HealthStatus.Degraded)]
    public async Task A_clock_is_judged_by_all_signatures_of_the_last_minutes(int seconds, HealthStatus expected)
    {
        // The store has its floor below what is signed here.
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.Replay.FloorAtStart = false, Build = builder => builder.Services.AddHealthChecks().AddSigning() });
        for (int i = 0; i < 9; i++)
        {
            await SendAsync(api, seconds);
        }

        Assert.Equal(HealthStatus.Healthy, (await AskAsync(api.App.Services, Clock)).Status);
        await SendAsync(api, seconds);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        HealthReportEntry judged = await AskAsync(api.App.Services, Clock);
        await SendAsync(api, 0);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        HealthReportEntry oneIsRight = await AskAsync(api.App.Services, Clock);
        api.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal((expected, HealthStatus.Healthy), (judged.Status, oneIsRight.Status));
        Assert.Empty((await AskAsync(api.App.Services, Clock)).Data);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task FillAsync(InMemoryReplayStore store)
    {
        ReplayClaim claim = ReplayClaim.Claimed;
        for (uint i = 0; claim is ReplayClaim.Claimed or ReplayClaim.QuotaExceeded; i++)
        {
            claim = await store.TryClaimAsync(new UInt128(i * 0x9E3779B97F4A7C15, i * 0xC2B2AE3D27D4EB4F), i.ToString(CultureInfo.InvariantCulture), _clock.GetUtcNow(), Cancelled);
        }
    }

    private static async Task SendAsync(ApiHost api, int seconds)
    {
        RequestDraft draft = api.Draft();
        draft.Created += TimeSpan.FromSeconds(seconds);
        Assert.Equal(200, (await api.SendAsync(draft)).Status);
        api.Clock.Advance(TimeSpan.FromMilliseconds(100));
    }

    private static void ShowsNothing(params HealthReportEntry[] entries) => Assert.All(entries, entry =>
    {
        string all = entry.Description + string.Join(' ', entry.Data.Values);
        Assert.DoesNotContain('/', all);
        Assert.DoesNotContain("a-key", all, StringComparison.Ordinal);
        Assert.Null(entry.Exception);
    });

    // A ring that has changed is read in the background.
    private async Task<HealthReportEntry> UntilAsync(IServiceProvider services, string name, HealthStatus expected)
    {
        long began = Stopwatch.GetTimestamp();
        HealthReportEntry entry = await AskAsync(services, name);
        while (entry.Status != expected)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"{name} is {entry.Status}: {entry.Description}");
            entry = await AskAsync(services, name);
        }

        return entry;
    }

    private async Task<HealthReportEntry> AskAsync(IServiceProvider services, string name, bool advance = true)
    {
        if (advance)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        return Assert.Single((await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(entry => entry.Name == name, Cancelled)).Entries).Value;
    }

    private ServiceProvider Build(IConfiguration configuration, Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        add?.Invoke(services);

        // A busy machine may need more than the usual two seconds for a first answer.
        services.AddLogging().AddSingleton(configuration).AddSingleton<TimeProvider>(_clock).AddHealthChecks().AddSigning(timeout: TimeSpan.FromMinutes(1));
        services.AddAuthentication().AddMessageSignature(options => options.Replay.FloorAtStart = false);
        return services.BuildServiceProvider();
    }

    private ServiceProvider BuildWithFile() => Build(new ConfigurationBuilder().Build(), services =>
    {
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        services.AddSigningCredentialFile(Path.Combine(_folder, "data", "credentials.json"), file => file.AllowUnprotectedKeyRing = true);
    });

    private sealed class Hanging : ICredentialSource
    {
        private int _count;

        public int Count => _count;

        public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
        {
            credential = null;
            return false;
        }

        public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return new ValueTask<Credential?>(new TaskCompletionSource<Credential?>().Task);
        }
    }

    private sealed class Failing : IReplayStore
    {
        public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) => throw new InvalidOperationException("no");
    }

    private sealed class Counting : IReplayStore
    {
        public int Count { get; private set; }

        public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
        {
            Count++;
            return ValueTask.FromResult(ReplayClaim.Claimed);
        }
    }
}
