using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>The credentials of one node, whose feed counts as fresh as long as the test says so; what others change reaches it only by the test.</summary>
internal sealed class CredentialNode
{
    private readonly NpgsqlDataSource _source;
    private readonly string _schema;

    public CredentialNode(NpgsqlDataSource source, string schema, SecretSeal seal, TimeProvider? clock = null, TimeSpan? timeout = null)
    {
        (_source, _schema) = (source, schema);
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

    /// <summary>Hears of all that was changed since it heard last.</summary>
    public async Task HearAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _source.CreateCommand($"SELECT number, kind, subject FROM {_schema}.change WHERE number > {Heard} ORDER BY number, part");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            Heard = row.GetInt64(0);
            Feed.Apply(row.GetInt64(0), [new ChangeNote((ChangeKind)row.GetInt16(1), row.GetString(2))]);
        }
    }
}
