using System.Diagnostics;
using Signing.Client;

namespace Cluster;

/// <summary>Callers that sign, each one request after the other and a hundred per second at most; each tenth is copied on its way.</summary>
internal sealed class Load(Balancer balancer, CreatedKey key) : IDisposable
{
    private const int CopyEach = 10;

    // Callers, nodes and database share one machine: without a pause every wait for its processors would count as lag.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly HttpClient _client = Client(balancer, key);
    private volatile bool _isEnding;
    private int _requests;
    private int _copies;

    public int Requests => _requests;

    public int Copies => _copies;

    /// <summary>A caller's program that signs with a key.</summary>
    public static HttpClient Client(HttpMessageHandler network, CreatedKey key) =>
        new(new MessageSigningHandler(new MessageSigningOptions { Key = key.Key, Secret = key.Secret }, network)) { BaseAddress = Balancer.PublicAddress };

    /// <summary>Calls each node until it accepts: right after the tables were made it says when to come back (503, Retry-After), and the client does.</summary>
    public static async Task<TimeSpan> WarmUpAsync(CreatedKey key, Uri[] nodes, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(nodes.Select(async node =>
        {
            using HttpClient client = Client(new Balancer(node), key);
            using HttpResponseMessage answer = await client.GetAsync("/orders/1", cancellationToken);
            answer.EnsureSuccessStatusCode();
        }));
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Calls until <see cref="End"/>.</summary>
    public Task RunAsync(int callers, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync(cancellationToken)));

    /// <summary>Lets each caller have the answer it waits for, and no other.</summary>
    public void End() => _isEnding = true;

    public void Dispose() => _client.Dispose();

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        using var pause = new PeriodicTimer(Pause);
        while (!_isEnding && await pause.WaitForNextTickAsync(cancellationToken))
        {
            int number = Interlocked.Increment(ref _requests);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{number}");
            if (number % CopyEach == 0)
            {
                request.Options.Set(Balancer.Copied, true);
                Interlocked.Increment(ref _copies);
            }

            using HttpResponseMessage answer = await _client.SendAsync(request, cancellationToken);
        }
    }
}
