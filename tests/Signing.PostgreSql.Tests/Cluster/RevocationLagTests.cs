using System.Globalization;
using Cluster;

namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>How soon a key that is revoked on one node is dead on the others, which are under load meanwhile.</summary>
[Collection(SharedCluster.Name)]
public sealed class RevocationLagTests(SharedCluster shared, ITestOutputHelper output)
{
    private const int Callers = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revoked_key_is_dead_on_other_nodes_under_load_within_100_milliseconds_at_the_99th_percentile()
    {
        List<TimeSpan> lags = await MeasureAsync(shared.Cluster.Addresses[1..], revocations: 150);

        Assert.Equal(300, lags.Count);
        Assert.InRange(PercentileOf(lags, 0.99), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Without_notifications_a_revoked_key_is_dead_on_other_nodes_within_a_second()
    {
        (string, string) deaf = ("PostgreSql__Propagation__Listen", "false");
        await using NodeProcess fourth = await shared.Cluster.StartNodeAsync(deaf);
        await using NodeProcess fifth = await shared.Cluster.StartNodeAsync(deaf);

        List<TimeSpan> lags = await MeasureAsync([fourth.Address, fifth.Address], revocations: 20);

        Assert.Equal(40, lags.Count);
        Assert.InRange(lags.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private async Task<List<TimeSpan>> MeasureAsync(Uri[] nodes, int revocations)
    {
        var balancer = new Balancer(nodes);
        using var load = new Load(balancer, shared.Cluster.Key);
        Task loading = load.RunAsync(Callers, Cancellation);
        List<TimeSpan> lags = [];
        for (int revocation = 0; revocation < revocations; revocation++)
        {
            CreatedKey key = await shared.Cluster.Operator.CreateKeyAsync($"Victim {revocation}", Cancellation);
            lags.AddRange(await Revocation.MeasureAsync(shared.Cluster.Operator, key, nodes, Cancellation));
        }

        load.End();
        await loading;
        Assert.Equal((load.Requests, load.Copies, 0, 0), balancer.Answers);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{lags.Count} lags: p50 {PercentileOf(lags, 0.5).TotalMilliseconds:0.0} ms, p99 {PercentileOf(lags, 0.99).TotalMilliseconds:0.0} ms, longest {lags.Max().TotalMilliseconds:0.0} ms; {load.Requests} other requests meanwhile"));
        return lags;
    }

    private static TimeSpan PercentileOf(List<TimeSpan> lags, double share) => lags.Order().ElementAt((int)Math.Ceiling(share * lags.Count) - 1);
}
