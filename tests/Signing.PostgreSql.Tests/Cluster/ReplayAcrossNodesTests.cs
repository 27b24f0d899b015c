namespace Signing.PostgreSql.Tests.Cluster;

[Collection(SharedCluster.Name)]
public sealed class ReplayAcrossNodesTests(SharedCluster shared)
{
    private const int AtOnce = 16;

    [Fact]
    public async Task The_same_signed_request_at_three_nodes_at_once_is_accepted_by_one_of_them_each_of_a_thousand_times()
    {
        ClusterHost cluster = shared.Cluster;
        string[][] answers = await SendEachAsync(1000, cluster, cluster.Addresses);

        Assert.Equal(1000, answers.Length);
        Assert.All(answers, three => Assert.Equal(["401 replayed", "401 replayed", "accepted"], three.Order(StringComparer.Ordinal)));

        // And so are two of them in one batch of one node.
        Uri node = cluster.Addresses[0];
        answers = await SendEachAsync(300, cluster, [node, node]);

        Assert.Equal(300, answers.Length);
        Assert.All(answers, two => Assert.Equal(["401 replayed", "accepted"], two.Order(StringComparer.Ordinal)));
    }

    private static async Task<string[][]> SendEachAsync(int count, ClusterHost cluster, Uri[] nodes)
    {
        List<string[]> answers = [];
        foreach (int[] some in Enumerable.Range(0, count).Chunk(AtOnce))
        {
            SignedRequest[] requests = await Task.WhenAll(some.Select(number => SignedRequest.MakeAsync(cluster.Key, $"/orders/{number}")));
            answers.AddRange(await Task.WhenAll(requests.Select(request => Task.WhenAll(nodes.Select(request.SendAsync)))));
        }

        return [.. answers];
    }
}
