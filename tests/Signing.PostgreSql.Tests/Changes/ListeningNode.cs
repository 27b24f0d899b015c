using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

/// <summary>What follows the changes on one node, with a cache that keeps what it was told.</summary>
internal sealed class ListeningNode : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _source;
    private readonly ChangeFollower _follower;

    private ListeningNode(string connectionString, string schema, TimeProvider clock, Action<PropagationOptions>? configure)
    {
        var options = new PostgreSqlOptions { Schema = schema };
        configure?.Invoke(options.Propagation);
        options.Validate();
        Name = "node-" + Guid.NewGuid();
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = Name });
        var database = new Database(_source, options);
        Feed.Tell(Cache);
        _follower = new ChangeFollower(database, Feed, Meters, clock, Log);
    }

    /// <summary>How the sessions of this node are called in the database.</summary>
    public string Name { get; }

    public ChangeFeed Feed { get; } = new();

    public RecordingCache Cache { get; } = new();

    public RecordedLog<ChangeFollower> Log { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    /// <summary>Starts a node and waits until it has asked the database for the first time.</summary>
    public static async Task<ListeningNode> StartAsync(string connectionString, string schema, TimeProvider clock, Action<PropagationOptions>? configure = null)
    {
        var node = new ListeningNode(connectionString, schema, clock, configure);
        await node._follower.StartAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("everything", await node.Cache.NextAsync(), StringComparison.Ordinal);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _follower.StopAsync(CancellationToken.None);
        _follower.Dispose();
        await _source.DisposeAsync();
        await _services.DisposeAsync();
    }
}
