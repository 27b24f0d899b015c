using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

/// <summary>From when on, and until when, a reading of the changes has the node trust its memory.</summary>
public sealed class ChangeCursorTests(SharedServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTimeProvider _clock = new();
    private readonly ChangeFeed _feed = new();
    private Freshness _freshness = null!;
    private ChangeCursor _cursor = null!;
    private NpgsqlConnection _connection = null!;
    private string _schema = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _schema = await server.MakeSchemaAsync();
        _freshness = new Freshness(_clock, Limit);
        _cursor = new ChangeCursor(
            new Database(server.Source, new PostgreSqlOptions { Schema = _schema }), _feed, _freshness, new PropagationMetrics(_services.GetRequiredService<IMeterFactory>(), _freshness));
        _connection = await server.Source.OpenConnectionAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_reading_that_fails_has_the_node_trust_nothing()
    {
        await new ChangeWriter(server.Source, _schema).RunAsync($"DROP TABLE {_schema}.change");

        await Assert.ThrowsAsync<PostgresException>(() => _cursor.ReadAsync(_connection, Cancellation));

        Assert.False(_freshness.IsFresh);
    }

    [Fact]
    public async Task Memory_is_trusted_only_when_it_has_forgotten_what_the_reading_found()
    {
        List<bool> trusted = [];
        _feed.Tell(new WatchingCache(() => trusted.Add(_freshness.IsFresh)));

        await _cursor.ReadAsync(_connection, Cancellation);
        Assert.True(_freshness.IsFresh);
        _clock.Advance(Limit);
        await new ChangeWriter(server.Source, _schema).WriteAsync(new ChangeNote(ChangeKind.Credential, "a"));
        await _cursor.ReadAsync(_connection, Cancellation);

        Assert.Equal([false, false], trusted);
        Assert.True(_freshness.IsFresh);
    }

    [Fact]
    public async Task What_was_read_is_as_old_as_the_question()
    {
        _feed.Tell(new WatchingCache(() => _clock.Advance(TimeSpan.FromSeconds(7))));

        await _cursor.ReadAsync(_connection, Cancellation);

        Assert.Equal(TimeSpan.FromSeconds(7), _freshness.Age);
    }
}
