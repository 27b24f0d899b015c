using BenchmarkDotNet.Attributes;
using Signing.AspNetCore;
using Signing.Benchmarks.ReplayStore;

namespace Signing.Benchmarks;

/// <summary>One claim with 100,000 live ones, beside the hash that was verified before it.</summary>
public class ReplayStoreBenchmarks : FloorBenchmarks
{
    private const int Live = 100_000;

    private readonly ReplayClaims _store;
    private readonly ReplayClaims _dictionary;

    public ReplayStoreBenchmarks()
    {
        VerificationPolicy policy = new();
        TimeSpan window = policy.MaxAge + policy.FutureSkew;
        long perSecond = Live / (long)window.TotalSeconds;
        StreamClock clock = new();
        _store = new ReplayClaims(new InMemoryReplayStore(policy, new ReplayOptions { Capacity = Live, FloorAtStart = false }, clock), clock, perSecond, seed: 1);
        StreamClock otherClock = new();
        _dictionary = new ReplayClaims(new SweptDictionaryStore(window, otherClock), otherClock, perSecond, seed: 2);
        for (int i = 0; i < Live; i++)
        {
            _store.Next();
            _dictionary.Next();
        }
    }

    [Benchmark(Description = "replay: InMemoryReplayStore claims")]
    public ReplayClaim Claim() => _store.Next();

    [Benchmark(Description = "replay: ConcurrentDictionary, swept")]
    public ReplayClaim ClaimInDictionary() => _dictionary.Next();
}
