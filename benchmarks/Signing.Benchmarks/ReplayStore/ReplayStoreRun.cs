using System.Diagnostics;
using System.Globalization;
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
        Console.WriteLine($"{Environment.ProcessorCount} processors; window {Window.TotalSeconds:0} s; each claim is new; steady state over one window");
        Console.WriteLine();
        Console.WriteLine("| store | live claims | ns per claim, 1 thread | claims per second, 2 threads | longest pause, ms | bytes per live claim | allocated per claim |");
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

    private static bool Measure(string name, int live, Func<StreamClock, IReplayStore> create)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        StreamClock clock = new();
        IReplayStore store = create(clock);

        // Two streams at half the rate each keep `live` claims in the window, and so does one stream that takes turns with the other.
        long perSecond = live / 2 / (long)Window.TotalSeconds;
        ReplayClaims[] streams = [new(store, clock, perSecond, seed: 1), new(store, clock, perSecond, seed: 2)];
        int perStream = live / 2;
        bool granted = Together(streams, perStream).Granted;
        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)live;

        (bool alone, TimeSpan aloneTime, _, _) = InTurn(streams, perStream);
        (bool together, TimeSpan togetherTime, TimeSpan pause, long allocated) = Together(streams, perStream);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {live:N0} | {aloneTime.TotalNanoseconds / live:0} | {live / togetherTime.TotalSeconds:N0} | {pause.TotalMilliseconds:0.0} | {bytes:0.0} | {allocated / (double)live:0.0} |"));
        (store as IDisposable)?.Dispose();
        return granted && alone && together;
    }

    private static (bool Granted, TimeSpan Time, TimeSpan Pause, long Allocated) InTurn(ReplayClaims[] streams, int perStream)
    {
        bool granted = true;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < perStream; i += Batch)
        {
            foreach (ReplayClaims stream in streams)
            {
                granted &= Claim(stream, Math.Min(Batch, perStream - i));
            }
        }

        return (granted, Stopwatch.GetElapsedTime(start), default, 0);
    }

    private static (bool Granted, TimeSpan Time, TimeSpan Pause, long Allocated) Together(ReplayClaims[] streams, int perStream)
    {
        bool[] granted = new bool[streams.Length];
        TimeSpan[] pauses = new TimeSpan[streams.Length];
        using Barrier ready = new(streams.Length + 1);
        Thread[] threads = [.. streams.Select((stream, thread) => new Thread(() =>
        {
            ready.SignalAndWait();
            granted[thread] = true;
            for (int i = 0; i < perStream; i += Batch)
            {
                long start = Stopwatch.GetTimestamp();
                granted[thread] &= Claim(stream, Math.Min(Batch, perStream - i));
                pauses[thread] = TimeSpan.FromTicks(Math.Max(pauses[thread].Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        ready.SignalAndWait();
        long allocated = GC.GetTotalAllocatedBytes();
        long begin = Stopwatch.GetTimestamp();
        Array.ForEach(threads, thread => thread.Join());
        TimeSpan time = Stopwatch.GetElapsedTime(begin);
        return (granted.All(all => all), time, pauses.Max(), GC.GetTotalAllocatedBytes() - allocated);
    }

    private static bool Claim(ReplayClaims stream, int count)
    {
        bool granted = true;
        for (int i = 0; i < count; i++)
        {
            granted &= stream.Next() == ReplayClaim.Claimed;
        }

        return granted;
    }
}
