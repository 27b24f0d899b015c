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

    // In each the two threads fill a window again; what is printed of them is the middle one.
    private const int Rounds = 3;

    private static readonly int[] Sizes = [1_000_000, 10_000_000];
    private static readonly VerificationPolicy Policy = new();
    private static readonly TimeSpan Window = Policy.MaxAge + Policy.FutureSkew;

    /// <returns>0 if every claim was granted, as each is new; otherwise 1.</returns>
    public static int Run()
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors; window {Window.TotalSeconds:0} s; each claim is new; steady state over one window");
        Console.WriteLine("none: what the benchmark itself takes, and how long the machine lets a batch wait when there is no store");
        Console.WriteLine("longest batch, own: the most processor time that a thread took for one, so without what it waited for the other or for the machine");
        Console.WriteLine("median: the middle one of batches of 256; CPU: all the process spent, its sweeps and collections included; two threads: the middle one of three rounds");
        Console.WriteLine();
        Console.WriteLine("| store | live claims | median, ns per claim | CPU, ns per claim | CPU on 2 threads, ns per claim | longest batch, ms | own, ms | bytes per live claim | allocated per claim |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        bool granted = Measure("none", _ => _ => new GrantingStore());
        granted &= Measure("InMemoryReplayStore", live => clock => new InMemoryReplayStore(Policy, new ReplayOptions { Capacity = live, FloorAtStart = false }, clock));
        granted &= Measure("ConcurrentDictionary, swept", _ => clock => new SweptDictionaryStore(Window, clock));
        granted &= Measure("MemoryCache", _ => clock => new MemoryCacheStore(Window, clock));
        return granted ? 0 : 1;
    }

    private static bool Measure(string name, Func<int, Func<StreamClock, IReplayStore>> create)
    {
        // The first one wears in: the runtime compiles anew what it sees used.
        bool granted = Measure(name, Sizes[0], create(Sizes[0]), isPrinted: false);
        foreach (int live in Sizes)
        {
            granted &= Measure(name, live, create(live), isPrinted: true);
        }

        return granted;
    }

    // Not inlined, so that nothing of one store is still reachable when the next one is weighed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Measure(string name, int live, Func<StreamClock, IReplayStore> create, bool isPrinted)
    {
        int batches = live / 2 / Batch;
        BatchTime[][] times = [new BatchTime[batches], new BatchTime[batches]];
        long before = LiveBytes();
        StreamClock clock = new();
        IReplayStore store = create(clock);

        // Each of two streams makes half of the claims of each second.
        long perSecond = live / 2 / (long)Window.TotalSeconds;
        ReplayClaims[] streams = [new(store, clock, perSecond, seed: 1), new(store, clock, perSecond, seed: 2)];
        bool granted = Together(streams, times);
        double weight = (LiveBytes() - before) / (double)live;

        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        granted &= InTurn(streams, times);
        double alone = (Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / live;
        double median = times[0].Select(batch => batch.Passed).Order().ElementAt(batches / 2).TotalNanoseconds / Batch;

        double[] together = new double[Rounds];
        double[] longest = new double[Rounds];
        double[] longestOwn = new double[Rounds];
        long allocated = GC.GetTotalAllocatedBytes();
        for (int round = 0; round < Rounds; round++)
        {
            cpu = Environment.CpuUsage.TotalTime;
            granted &= Together(streams, times);
            together[round] = (Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / live;
            longest[round] = times.Max(thread => thread.Max(batch => batch.Passed)).TotalMilliseconds;
            longestOwn[round] = times.Max(thread => thread.Max(batch => batch.Own)).TotalMilliseconds;
        }

        double each = (GC.GetTotalAllocatedBytes() - allocated) / (double)live / Rounds;
        if (isPrinted)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {live:N0} | {median:0} | {alone:0} | {Quick.Rounds.Median(together):0} | {Quick.Rounds.Median(longest):0.0} | {(ThreadClock.IsSupported ? Quick.Rounds.Median(longestOwn).ToString("0.0", CultureInfo.InvariantCulture) : "–")} | {weight:0.0} | {each:0.0} |"));
        }

        (store as IDisposable)?.Dispose();
        return granted;
    }

    private static bool InTurn(ReplayClaims[] streams, BatchTime[][] times)
    {
        bool granted = true;
        for (int i = 0; i < times[0].Length; i++)
        {
            for (int stream = 0; stream < streams.Length; stream++)
            {
                granted &= TryBatch(streams[stream], out times[stream][i]);
            }
        }

        return granted;
    }

    private static bool Together(ReplayClaims[] streams, BatchTime[][] times)
    {
        bool[] granted = new bool[streams.Length];
        using Barrier ready = new(streams.Length);
        Thread[] threads = [.. streams.Select((stream, thread) => new Thread(() =>
        {
            bool all = true;
            ready.SignalAndWait();
            for (int i = 0; i < times[thread].Length; i++)
            {
                all &= TryBatch(stream, out times[thread][i]);
            }

            granted[thread] = all;
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return granted.All(all => all);
    }

    private static bool TryBatch(ReplayClaims stream, out BatchTime time)
    {
        bool granted = true;
        TimeSpan own = ThreadClock.Now;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Batch; i++)
        {
            granted &= stream.Next() == ReplayClaim.Claimed;
        }

        TimeSpan passed = Stopwatch.GetElapsedTime(start);
        time = new BatchTime(passed, ThreadClock.Now - own);
        return granted;
    }

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
