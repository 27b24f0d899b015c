using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Health;

public sealed class HealthCheckTests(SharedServer shared)
{
    private const string Credentials = "signing_credentials";
    private const string Secrets = "signing_secrets";
    private const string Replay = "signing_replay";
    private const string Clock = "signing_clock";

    // What is kept of an answer, and more.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    // The most there is: the tests let time pass while they wait for something else.
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromHours(1);

    // As near to the database's as it gets; it stands still between two questions.
    private readonly ManualTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_stopped_degrades_what_memory_still_answers_until_that_is_stale_and_is_healthy_when_it_is_back()
    {
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        await using WebApplication host = await StartAsync(server.ConnectionString, "signing");
        await UntilAsync(host, Replay, HealthStatus.Healthy);
        await UntilAsync(host, Secrets, HealthStatus.Healthy);
        await UntilAsync(host, Credentials, entry => entry.Status == HealthStatus.Healthy && entry.Data["heard_seconds_ago"] is < 600.0);

        await server.KillAsync();
        _clock.Advance(Kept);
        HealthReportEntry inMemory = await AskAsync(host, Credentials);
        HealthReportEntry canary = await AskAsync(host, Secrets);
        HealthReportEntry claims = await AskAsync(host, Replay);
        HealthReportEntry clock = await AskAsync(host, Clock);
        _clock.Advance(MaxStaleness);
        HealthReportEntry stale = await AskAsync(host, Credentials);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Unhealthy), (inMemory.Status, stale.Status));
        Assert.Equal((HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Degraded), (canary.Status, claims.Status, clock.Status));
        ShowsNothing(inMemory, canary, claims, clock, stale);
        await server.StartAgainAsync();
        await UntilAsync(host, Credentials, HealthStatus.Healthy);
        await UntilAsync(host, Secrets, HealthStatus.Healthy);
        await UntilAsync(host, Replay, HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_server_that_accepts_connections_and_says_nothing_is_told_in_time()
    {
        await using var relay = new Relay(shared.Port);
        await using WebApplication host = await StartAsync(relay.ConnectionString, SharedServer.NewSchema());
        await UntilAsync(host, Credentials, HealthStatus.Healthy);

        relay.Fault = RelayFault.HoldsRequests;
        _clock.Advance(Kept);
        long began = Stopwatch.GetTimestamp();
        HealthReportEntry[] answers = await Task.WhenAll(AskAsync(host, Credentials), AskAsync(host, Secrets), AskAsync(host, Replay), AskAsync(host, Clock));
        TimeSpan passed = Stopwatch.GetElapsedTime(began);

        // The timeout is a second; the rest is the machine's.
        Assert.InRange(passed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal([HealthStatus.Degraded, HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Degraded], answers.Select(answer => answer.Status));
        ShowsNothing(answers);
        relay.Fault = RelayFault.None;
    }

    [Fact]
    public async Task A_memory_of_claims_that_has_just_begun_degrades()
    {
        await using WebApplication host = await StartAsync(shared.ConnectionString, SharedServer.NewSchema(), TimeSpan.FromMinutes(5));

        Assert.Equal(HealthStatus.Degraded, (await AskAsync(host, Replay)).Status);
    }

    [Fact]
    public async Task A_clock_is_compared_with_that_of_the_database()
    {
        await using WebApplication host = await StartAsync(shared.ConnectionString, SharedServer.NewSchema());

        Assert.Equal(HealthStatus.Healthy, (await AskAtAsync(host, 0)).Status);
        HealthReportEntry ahead = await AskAtAsync(host, 1.5);
        Assert.Equal(HealthStatus.Degraded, ahead.Status);
        Assert.InRange(Assert.IsType<double>(ahead.Data["database_ahead_seconds"]), -1.6, -0.5);
        Assert.Equal(HealthStatus.Unhealthy, (await AskAtAsync(host, -60)).Status);
    }

    [Fact]
    public async Task Secrets_are_unhealthy_where_the_ring_does_not_open_them()
    {
        await using WebApplication host = await StartAsync(shared.ConnectionString, SharedServer.NewSchema());
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(host, Secrets)).Status);

        host.Services.GetRequiredService<IKeyManager>().RevokeAllKeys(TimeProvider.System.GetUtcNow().AddMinutes(1), "stolen");

        await UntilAsync(host, Secrets, HealthStatus.Unhealthy);
    }

    private static void ShowsNothing(params HealthReportEntry[] entries) => Assert.All(entries, entry =>
    {
        string all = entry.Description + string.Join(' ', entry.Data.Values);
        Assert.DoesNotContain("127.0.0.1", all, StringComparison.Ordinal);
        Assert.DoesNotContain("tester", all, StringComparison.Ordinal);
        Assert.Null(entry.Exception);
    });

    private static async Task<HealthReportEntry> AskAsync(WebApplication host, string name) =>
        Assert.Single((await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(entry => entry.Name == name, Cancellation)).Entries).Value;

    private Task<HealthReportEntry> AskAtAsync(WebApplication host, double seconds)
    {
        _clock.Advance(Kept);
        _clock.SetClock(TimeProvider.System.GetUtcNow().AddSeconds(seconds));
        return AskAsync(host, Clock);
    }

    private Task UntilAsync(WebApplication host, string name, HealthStatus expected) => UntilAsync(host, name, entry => entry.Status == expected);

    // Claims begin by the time of the database, changes are heard and connections come back by that of the network, and a ring
    // is read in the background: each question gives them time, and makes what this node has heard five seconds older.
    private async Task UntilAsync(WebApplication host, string name, Func<HealthReportEntry, bool> isExpected)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long began = Stopwatch.GetTimestamp();
        HealthReportEntry entry = await AskAsync(host, name);
        while (!isExpected(entry))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"{name} is {entry.Status}: {entry.Description}");
            await pause.WaitForNextTickAsync(Cancellation);
            _clock.Advance(Kept);
            _clock.SetClock(TimeProvider.System.GetUtcNow());
            entry = await AskAsync(host, name);
        }
    }

    private async Task<WebApplication> StartAsync(string connectionString, string schema, TimeSpan futureSkew = default)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        builder.Services.AddSigningPostgreSql(connectionString, PostgreSqlParts.Credentials | PostgreSqlParts.Replay, options =>
        {
            options.Schema = schema;
            options.Propagation.MaxStaleness = MaxStaleness;
        });
        builder.Services.AddAuthentication().AddMessageSignature(options => options.Policy = new VerificationPolicy { FutureSkew = futureSkew });
        builder.Services.AddHealthChecks().AddSigning(timeout: TimeSpan.FromSeconds(1));
        WebApplication host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}
