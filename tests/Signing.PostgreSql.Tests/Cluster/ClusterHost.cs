using System.Reflection;
using Cluster;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>A PostgreSQL server, three nodes of samples/Cluster as processes, and the operator at the first of them.</summary>
internal sealed class ClusterHost : IAsyncDisposable
{
    private readonly string _connectionString;
    private NodeProcess[] _nodes = [];

    private ClusterHost(PostgreSqlServer server, string connectionString) => (Server, _connectionString) = (server, connectionString);

    public PostgreSqlServer Server { get; }

    public Operator Operator { get; private set; } = null!;

    public CreatedKey Key { get; private set; } = null!;

    public Uri[] Addresses => [.. _nodes.Select(node => node.Address)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts everything, and waits until every node accepts the key.</summary>
    public static async Task<ClusterHost> StartAsync()
    {
        // What the tests do to it is a crash of the server, never one of the machine.
        PostgreSqlServer server = await PostgreSqlServer.StartAsync("max_connections=200", "fsync=off");
        return await StartOnAsync(server, server.ConnectionString, nodes: 3);
    }

    /// <summary>Starts nodes on a server that is there already, and which ends with them.</summary>
    public static async Task<ClusterHost> StartOnAsync(PostgreSqlServer server, string connectionString, int nodes)
    {
        var host = new ClusterHost(server, connectionString);
        try
        {
            // All at once, on empty tables.
            host._nodes = await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => host.StartNodeAsync()));
            host.Operator = await Operator.SignInAsync(host._nodes[0].Address, Cancellation);
            host.Key = await host.Operator.CreateKeyAsync("Load", Cancellation);
            await Load.WarmUpAsync(host.Key, host.Addresses, Cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more node, which is the caller's to end.</summary>
    public Task<NodeProcess> StartNodeAsync(params (string Name, string Value)[] settings)
    {
        // This runs in bin/<configuration>/net10.0/.
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!);
        string root = typeof(ClusterHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        Dictionary<string, string> all = new(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        {
            ["ConnectionStrings__Signing"] = _connectionString,

            // A machine that is busy with something else is no reason to refuse, here.
            ["PostgreSql__Claims__Timeout"] = "00:00:10",
        };
        return NodeProcess.StartAsync(Path.Combine(root, "samples", "Cluster", "bin", configuration, "net10.0", "Cluster.dll"), all, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await Server.DisposeAsync();
    }
}
