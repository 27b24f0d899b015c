using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

/// <summary>Nodes that share the grants of one schema, which is the test's own.</summary>
public abstract class ManyNodes(SharedServer server) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected SharedServer Server => server;

    protected string Schema { get; private set; } = "";

    protected ManualTimeProvider Time { get; } = new();

    private protected static GrantTerms Terms { get; } = new(KeyVersion: 1, TimeSpan.FromMinutes(15), TimeSpan.FromDays(30), ["orders.read"]);

    public async ValueTask InitializeAsync() => Schema = await server.MakeSchemaAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected GrantNode[] Nodes(int count, int capacity = 1024) => [.. Enumerable.Range(0, count).Select(_ => new GrantNode(server.Source, Schema, Time, capacity))];

    /// <summary>Has each node make and read tokens, with one key ring.</summary>
    private protected async Task<TokenDesk[]> DesksAsync(GrantNode[] nodes)
    {
        var settings = new TokenDeskSettings { Time = Time };
        return await Task.WhenAll(nodes.Select(node => TokenDesk.OpenAsync(settings with { Store = node.Store })));
    }

    /// <summary>Has a node hear of all that was changed.</summary>
    private protected async Task HearAsync(GrantNode node)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand($"SELECT number, kind, subject FROM {Schema}.change ORDER BY number, part");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(Cancellation);
        while (await row.ReadAsync(Cancellation))
        {
            node.Feed.Apply(row.GetInt64(0), [new ChangeNote((ChangeKind)row.GetInt16(1), row.GetString(2))]);
        }
    }

    private protected Grant GrantOf(UInt128 id, string client = "key_1")
    {
        DateTimeOffset now = Time.GetUtcNow();
        return new Grant
        {
            Id = id,
            ClientKey = client,
            CredentialId = "crd_1",
            WorkspaceId = "ws_" + client,
            Scopes = ["orders.read"],
            KeyVersion = 1,
            Issued = now,
            RotatedAt = now,
            AccessExpires = GrantTerms.EndOf(now, Terms.AccessLifetime),
            RefreshExpires = GrantTerms.EndOf(now, Terms.RefreshLifetime),
        };
    }
}
