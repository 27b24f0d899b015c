using System.Collections.Concurrent;
using Signing.AspNetCore;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Callers who sign one request after another, each at a node of its own, and have all nodes judge a copy of it.</summary>
internal sealed class ClaimLoad
{
    private readonly IReplayStore[] _nodes;
    private readonly SemaphoreSlim[] _granted;
    private readonly SemaphoreSlim[] _unavailable;
    private readonly ConcurrentDictionary<UInt128, int> _grants = [];
    private readonly ConcurrentQueue<(UInt128 Fingerprint, DateTimeOffset Created)> _judged = [];
    private readonly Task[] _callers;
    private volatile bool _isStopping;
    private long _last;

    public ClaimLoad(IReplayStore[] nodes, int callersOfEach)
    {
        _nodes = nodes;
        _granted = [.. nodes.Select(_ => new SemaphoreSlim(0))];
        _unavailable = [.. nodes.Select(_ => new SemaphoreSlim(0))];
        _callers = [.. Enumerable.Range(0, nodes.Length * callersOfEach).Select(caller => Task.Run(() => CallAsync(caller % nodes.Length), TestContext.Current.CancellationToken))];
    }

    /// <summary>Gets what was answered to a signature that no node had seen before.</summary>
    public ConcurrentDictionary<ReplayClaim, int> First { get; } = [];

    public int Granted => _grants.Count;

    /// <summary>Gets the signatures that were accepted more than once.</summary>
    public IEnumerable<UInt128> GrantedTwice => _grants.Where(grant => grant.Value > 1).Select(grant => grant.Key);

    /// <summary>Waits until each node has granted so many from now on.</summary>
    public Task WaitForGrantsAsync(int count) => WaitAsync(_granted, count);

    /// <summary>Waits until each node has answered so many from now on that it cannot know.</summary>
    public Task WaitForRefusalsAsync(int count) => WaitAsync(_unavailable, count);

    /// <summary>Ends the load, and has every node judge all of it once more.</summary>
    /// <returns>What was answered to signatures that had been accepted.</returns>
    public async Task<ISet<ReplayClaim>> StopAsync()
    {
        _isStopping = true;
        await Task.WhenAll(_callers);
        HashSet<ReplayClaim> answers = [];
        foreach ((UInt128 Fingerprint, DateTimeOffset Created)[] some in _judged.ToArray().Chunk(256))
        {
            foreach (IReplayStore node in _nodes)
            {
                bool[] wereGranted = [.. some.Select(one => _grants.ContainsKey(one.Fingerprint))];
                ReplayClaim[] claims = await Task.WhenAll(some.Select(one => AskAsync(node, one.Fingerprint, one.Created)));
                answers.UnionWith(claims.Where((_, place) => wereGranted[place]));
            }
        }

        return answers;
    }

    private static async Task WaitAsync(SemaphoreSlim[] seen, int count)
    {
        foreach (SemaphoreSlim one in seen)
        {
            while (one.Wait(0, TestContext.Current.CancellationToken))
            {
                // Of what was before.
            }
        }

        foreach (SemaphoreSlim one in seen)
        {
            for (int i = 0; i < count; i++)
            {
                await one.WaitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task CallAsync(int node)
    {
        bool wasUnavailable = false;
        while (!_isStopping)
        {
            var fingerprint = (UInt128)Interlocked.Increment(ref _last);
            DateTimeOffset created = TimeProvider.System.GetUtcNow();
            ReplayClaim first = await ClaimAsync(_nodes[node], fingerprint, created);
            First.AddOrUpdate(first, 1, static (_, count) => count + 1);
            if (first == ReplayClaim.Claimed)
            {
                _granted[node].Release();
            }
            else if (first == ReplayClaim.Unavailable)
            {
                _unavailable[node].Release();
            }

            // Of an outage the first is enough: it may have reached the server, and the others have not.
            if (first == ReplayClaim.Claimed || (first == ReplayClaim.Unavailable && !wasUnavailable))
            {
                _judged.Enqueue((fingerprint, created));
                await Task.WhenAll(_nodes.Select(any => ClaimAsync(any, fingerprint, created)));
            }

            wasUnavailable = first == ReplayClaim.Unavailable;
        }
    }

    // Until the node can tell: a connection that was cut is found out when it is used.
    private async Task<ReplayClaim> AskAsync(IReplayStore node, UInt128 fingerprint, DateTimeOffset created)
    {
        ReplayClaim claim;
        do
        {
            claim = await ClaimAsync(node, fingerprint, created);
        }
        while (claim == ReplayClaim.Unavailable);

        return claim;
    }

    private async Task<ReplayClaim> ClaimAsync(IReplayStore node, UInt128 fingerprint, DateTimeOffset created)
    {
        ReplayClaim claim = await node.TryClaimAsync(fingerprint, "key", created, TestContext.Current.CancellationToken);
        if (claim == ReplayClaim.Claimed)
        {
            _grants.AddOrUpdate(fingerprint, 1, static (_, count) => count + 1);
        }

        return claim;
    }
}
