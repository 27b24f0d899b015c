using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

public sealed class OutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_trusts_its_memory_until_the_database_is_away_for_the_longest_staleness_and_again_when_it_is_back()
    {
        var clock = new ManualTimeProvider();
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await PostgreSqlMigrations.ApplyAsync(source, cancellationToken: Cancellation);
        await using ListeningNode node = await ListeningNode.StartAsync(server.ConnectionString, "signing", clock, propagation => propagation.PollInterval = TimeSpan.FromSeconds(10));
        await HearAsync(node, source, "1: Credential before");
        Assert.True(node.Feed.IsFresh);

        await server.KillAsync();
        clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.True(node.Feed.IsFresh);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(node.Feed.IsFresh);

        await server.StartAgainAsync();
        source.Clear();
        await new ChangeWriter(source, "signing").WriteAsync(new ChangeNote(ChangeKind.Credential, "after"));
        using var waits = new Timer(_ => clock.Advance(TimeSpan.FromSeconds(1)), state: null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.Equal("2: Credential after", await node.Cache.NextAsync());
        await HearAsync(node, source, "3: Credential before");
        Assert.Single(node.Log.Lines, line => line.StartsWith("Error: PostgreSQL does not tell", StringComparison.Ordinal));
        Assert.Single(node.Log.Lines, line => line == "Information: PostgreSQL tells again what has changed.");
    }

    [Fact]
    public async Task What_a_node_measures_are_the_delay_of_each_change_and_the_time_since_it_last_asked()
    {
        var clock = new ManualTimeProvider();
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await PostgreSqlMigrations.ApplyAsync(source, cancellationToken: Cancellation);
        await using ListeningNode node = await ListeningNode.StartAsync(server.ConnectionString, "signing", clock);
        ConcurrentQueue<double> lags = [];
        ConcurrentQueue<double> staleness = [];
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, node.Meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => (instrument.Name == "signing.propagation.lag" ? lags : staleness).Enqueue(value));
        meters.Start();

        await new ChangeWriter(source, "signing").WriteAsync(new ChangeNote(ChangeKind.Credential, "a"), new ChangeNote(ChangeKind.Credential, "b"));
        Assert.Equal("1: Credential a, Credential b", await node.Cache.NextAsync());
        await HearAsync(node, source, "2: Credential before");
        meters.RecordObservableInstruments();

        // The second one may be on its way.
        Assert.InRange(lags.Count, 1, 2);
        Assert.All(lags, lag => Assert.InRange(lag, 0.000_001, 5));
        Assert.Equal(0, Assert.Single(staleness));
    }

    // Once it has heard of a change, what it read before that is applied, counted and logged.
    private static async Task HearAsync(ListeningNode node, NpgsqlDataSource source, string expected)
    {
        await new ChangeWriter(source, "signing").WriteAsync(new ChangeNote(ChangeKind.Credential, "before"));
        Assert.Equal(expected, await node.Cache.NextAsync());
    }
}
