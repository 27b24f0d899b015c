using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Life;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>In PostgreSQL, by two nodes in turn, each of which hears of what the other has done; what time has ended is settled now and then.</summary>
public sealed class PostgreSqlCredentialLifeTests(SharedServer server) : CredentialLifeContract, IAsyncLifetime
{
    private CredentialNode[] _nodes = [];

    public async ValueTask InitializeAsync()
    {
        string schema = await server.MakeSchemaAsync();
        _nodes = [new CredentialNode(server.Source, schema, Seal, Clock), new CredentialNode(server.Source, schema, Seal, Clock)];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override IReadOnlyList<LifeNode> Nodes() => [.. _nodes.Select(node => new LifeNode(node.Store, DeskOf(node.Store)))];

    protected override async Task PauseAsync(bool isLong)
    {
        if (isLong)
        {
            await new CredentialSettling(_nodes[0].Database, _nodes[0].Feed).SettleAsync(Cancellation);
        }

        foreach (CredentialNode node in _nodes)
        {
            await node.HearAsync(Cancellation);
        }
    }
}
