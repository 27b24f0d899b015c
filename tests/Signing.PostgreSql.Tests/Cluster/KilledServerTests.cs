using System.Collections.Concurrent;
using System.Globalization;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>PostgreSQL is killed under load, which empties the unlogged tables, and started again.</summary>
[Collection(Alone.Name)]
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private const int Callers = 8;

    private readonly ConcurrentQueue<SignedRequest> _accepted = [];
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private int _number;

    [Fact]
    public async Task Nothing_is_accepted_twice_only_503_comes_in_between_and_the_nodes_recover_by_themselves()
    {
        await using ClusterHost cluster = await ClusterHost.StartAsync();
        using var ending = new CancellationTokenSource();
        Task[] loading = [.. Enumerable.Range(0, Callers).Select(_ => CallAsync(cluster, ending.Token))];
        for (int round = 0; round < 2; round++)
        {
            await AcceptedAsync(loading, _accepted.Count + 300);
            await cluster.Server.KillAsync();
            await RefusedAsync(loading);
            await cluster.Server.StartAgainAsync();
        }

        await AcceptedAsync(loading, _accepted.Count + 300);
        await ending.CancelAsync();
        await Task.WhenAll(loading);

        output.WriteLine(string.Join(", ", _answers.OrderBy(answer => answer.Key).Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Key}: {answer.Value}"))));
        Assert.All(_answers.Keys, answer => Assert.True(
            answer is "accepted" or "401 replayed" or "503 replay_store_unavailable, Retry-After" or "503 replay_before_floor, Retry-After" or "503 credential_store_unavailable, Retry-After", answer));
        foreach (SignedRequest[] some in _accepted.Chunk(50))
        {
            string[] again = await Task.WhenAll(some.Select((request, index) => request.SendAsync(cluster.Addresses[index % 3])));
            Assert.All(again, answer => Assert.True(answer is "401 replayed" or "503 replay_before_floor, Retry-After", answer));
        }
    }

    // Each request is sent to one node and, whatever it has answered, to another one.
    private async Task CallAsync(ClusterHost cluster, CancellationToken ending)
    {
        Uri[] nodes = cluster.Addresses;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!ending.IsCancellationRequested && await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            int number = Interlocked.Increment(ref _number);
            SignedRequest request = await SignedRequest.MakeAsync(cluster.Key, $"/orders/{number}");
            string first = await request.SendAsync(nodes[number % 3]);
            string second = await request.SendAsync(nodes[(number + 1) % 3]);
            Assert.False(first == "accepted" && second == "accepted", $"Request {number} was accepted twice.");
            foreach (string answer in (string[])[first, second])
            {
                _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
            }

            if (first == "accepted" || second == "accepted")
            {
                _accepted.Enqueue(request);
            }
        }
    }

    private Task AcceptedAsync(Task[] loading, int count) => UntilAsync(loading, () => _accepted.Count >= count);

    private Task RefusedAsync(Task[] loading)
    {
        int before = Refused();
        return UntilAsync(loading, () => Refused() > before + 50);

        int Refused() => _answers.Where(answer => answer.Key.StartsWith("503 ", StringComparison.Ordinal)).Sum(answer => answer.Value);
    }

    // A caller that has failed ends the wait.
    private static async Task UntilAsync(Task[] loading, Func<bool> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!isSo() && !loading.Any(caller => caller.IsFaulted))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        await Task.WhenAll(loading.Where(caller => caller.IsFaulted));
    }
}
