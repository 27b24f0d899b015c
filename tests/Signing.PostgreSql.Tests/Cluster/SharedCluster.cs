namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>Three nodes for the tests that leave them as they are; no other test runs meanwhile, because they measure what all processes of the machine share.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedCluster : IAsyncLifetime, ICollectionFixture<SharedCluster>
{
    public const string Name = "Cluster";

    private ClusterHost? _cluster;

    internal ClusterHost Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await ClusterHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
