using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Signing.AspNetCore;

namespace Signing.Benchmarks.ReplayStore;

/// <summary>Prints what a claim costs, and what a live claim weighs, with a million and ten million of them, on one thread and on two.</summary>
internal static class ReplayStoreRun
{
    // Claims between two looks at the watch: the longest of these is the pause a request would notice.
    private const int Batch = 256;

    private static readonly VerificationPolicy Policy = new();
    private static readonly TimeSpan Window = Policy.MaxAge + Policy.FutureSkew;

    /// <returns>0 if every claim was granted, as each is new; otherwise 1.</returns>
    public static int Run()
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors; window {Window.TotalSeconds:0} s; each claim is new; steady state over one window, medians over batches of {Batch}");
        Console.WriteLine();
        Console.WriteLine("| store | live claims | ns per claim, 1 thread | ns per claim, each of 2 threads | longest batch, ms | bytes per live claim | allocated per claim |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        bool granted = true;
        foreach (int live in new[] { 1_000_000, 10_000_000 })
        {
            granted &= Measure("InMemoryReplayStore", live, clock => new InMemoryReplayStore(Policy, new ReplayOptions { Capacity = live, FloorAtStart = false }, clock));
            granted &= Measure("ConcurrentDictionary, swept", live, clock => new SweptDictionaryStore(Window, clock));
            granted &= Measure("MemoryCache", live, clock => new MemoryCacheStore(Window, clock));
        }

        return granted ? 0 : 1;
    }

    // Not inlined, so that nothing of one store is still reachable when the next one is weighed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Measure(string name, int live, Func<StreamClock, IReplayStore> create)
    {
        long before = LiveBytes();
        StreamClock clock = new();
        IReplayStore store = create(clock);

        // Each of two streams makes half of the claims of each second.
        long perSecond = live / 2 / (long)Window.TotalSeconds;
        ReplayClaims[] streams = [new(store, clock, perSecond, seed: 1), new(store, clock, perSecond, seed: 2)];
        int batches = live / 2 / Batch;
        bool granted = true;
        Together(streams, batches, ref granted);
        double weight = (LiveBytes() - before) / (double)live;

        TimeSpan[] alone = InTurn(streams, batches, ref granted);
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan[] together = Together(streams, batches, ref granted);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {live:N0} | {PerClaim(alone):0} | {PerClaim(together):0} | {together.Max().TotalMilliseconds:0.0} | {weight:0.0} | {allocated / (double)live:0.0} |"));
        (store as IDisposable)?.Dispose();
        return granted;
    }

    private static TimeSpan[] InTurn(ReplayClaims[] streams, int batches, ref bool granted)
    {
        var times = new TimeSpan[batches * streams.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = TimeBatch(streams[i % streams.Length], ref granted);
        }

        return times;
    }

    private static TimeSpan[] Together(ReplayClaims[] streams, int batches, ref bool granted)
    {
        bool[] all = new bool[streams.Length];
        var times = new TimeSpan[streams.Length][];
        using Barrier ready = new(streams.Length);
        Thread[] threads = [.. streams.Select((stream, thread) => new Thread(() =>
        {
            times[thread] = new TimeSpan[batches];
            all[thread] = true;
            ready.SignalAndWait();
            for (int i = 0; i < batches; i++)
            {
                times[thread][i] = TimeBatch(stream, ref all[thread]);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        granted &= all.All(one => one);
        return [.. times.SelectMany(own => own)];
    }

    private static TimeSpan TimeBatch(ReplayClaims stream, ref bool granted)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Batch; i++)
        {
            granted &= stream.Next() == ReplayClaim.Claimed;
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static double PerClaim(TimeSpan[] batches) => batches.Order().ElementAt(batches.Length / 2).TotalNanoseconds / Batch;

    private static long LiveBytes()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
