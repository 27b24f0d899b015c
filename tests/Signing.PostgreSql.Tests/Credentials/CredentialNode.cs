using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>The credentials of one node, whose feed counts as fresh as long as the test says so; what others change reaches it only by the test.</summary>
internal sealed class CredentialNode
{
    public CredentialNode(NpgsqlDataSource source, string schema, SecretSeal seal, TimeProvider? clock = null, TimeSpan? timeout = null)
    {
        Database = new Database(source, new PostgreSqlOptions { Schema = schema, Propagation = { CacheCapacity = 1000 }, CommandTimeout = timeout ?? TimeSpan.FromSeconds(30) }, clock);
        Store = new PostgreSqlCredentialStore(Database, Feed, seal, new RingRenewal(TimeProvider.System));
        Feed.Follow(() => IsFresh);
    }

    public bool IsFresh { get; set; } = true;

    /// <summary>Gets or sets the number of the last change that the test has told it of.</summary>
    public long Heard { get; set; }

    public Database Database { get; }

    public ChangeFeed Feed { get; } = new();

    public PostgreSqlCredentialStore Store { get; }
}
