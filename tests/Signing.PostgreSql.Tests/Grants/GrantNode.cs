using Npgsql;

namespace Signing.PostgreSql.Tests.Grants;

/// <summary>What one node has of the grants: a store with a memory of its own, which hears of changes only when the test says so.</summary>
internal sealed class GrantNode
{
    public GrantNode(NpgsqlDataSource source, string schema, TimeProvider? clock = null, int capacity = 1024)
    {
        Database = new Database(source, new PostgreSqlOptions { Schema = schema, GrantCapacity = capacity, CommandTimeout = TimeSpan.FromSeconds(30) }, clock);
        Feed.Follow(() => IsFresh);
        Store = new PostgreSqlGrantStore(Database, Feed);
    }

    public Database Database { get; }

    public ChangeFeed Feed { get; } = new();

    public PostgreSqlGrantStore Store { get; }

    /// <summary>Gets or sets whether the node may answer from memory.</summary>
    public bool IsFresh { get; set; } = true;
}
