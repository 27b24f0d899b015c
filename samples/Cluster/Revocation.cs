using System.Diagnostics;
using System.Net;

namespace Cluster;

/// <summary>Measures how soon a revoked key is dead, by the one clock of whoever revokes and calls.</summary>
internal static class Revocation
{
    // A key that is dead on a node is never alive there again.
    private const int CallsAfter = 5;

    // As exact as the result can be, and far from what a node can carry: no wait of its own making is measured.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Has one caller at each node use a key again and again, revokes it on the operator's node, and waits until every node refuses it.</summary>
    /// <returns>For each node, the time from the answer to the revocation to the node's first 401; zero if that came before.</returns>
    /// <exception cref="InvalidOperationException">A node gave another answer, or accepted the key after it had refused it.</exception>
    public static async Task<TimeSpan[]> MeasureAsync(Operator operate, CreatedKey key, IReadOnlyList<Uri> nodes, CancellationToken cancellationToken)
    {
        TaskCompletionSource[] accepted = [.. nodes.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        Task<long>[] calling = [.. nodes.Select((node, index) => CallUntilRefusedAsync(key, node, accepted[index], cancellationToken))];

        // A caller that fails before it is accepted ends the wait too.
        await Task.WhenAll(accepted.Select((first, index) => Task.WhenAny(first.Task, calling[index])));
        await operate.RevokeAsync(key, cancellationToken);
        long revoked = Stopwatch.GetTimestamp();

        long[] refused = await Task.WhenAll(calling);
        return [.. refused.Select(at => at > revoked ? Stopwatch.GetElapsedTime(revoked, at) : TimeSpan.Zero)];
    }

    private static async Task<long> CallUntilRefusedAsync(CreatedKey key, Uri node, TaskCompletionSource accepted, CancellationToken cancellationToken)
    {
        using HttpClient client = Load.Client(new Balancer(node), key);
        using var pause = new PeriodicTimer(Pause);
        while (await IsAcceptedAsync(client, cancellationToken))
        {
            accepted.TrySetResult();
            await pause.WaitForNextTickAsync(cancellationToken);
        }

        long refused = Stopwatch.GetTimestamp();
        for (int call = 0; call < CallsAfter; call++)
        {
            if (await IsAcceptedAsync(client, cancellationToken))
            {
                throw new InvalidOperationException($"{node} has accepted a key that it had refused as revoked.");
            }
        }

        return refused;
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await client.GetAsync("/orders/1", cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.Unauthorized => false,
            _ => throw new InvalidOperationException($"A node answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}"),
        };
    }
}
