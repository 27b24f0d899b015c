using System.Diagnostics;
using System.Runtime;

namespace Signing.Benchmarks.Quick;

/// <summary>Times several operations in turn, round after round, so that a busy machine slows all of them alike.</summary>
internal static class Rounds
{
    private const int Count = 151;
    private const int WarmUpCalls = 20_000;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxWarmUpTime = TimeSpan.FromSeconds(30);

    /// <returns>For each operation the time of one call in each round, in nanoseconds.</returns>
    public static double[][] Time(params Action[] operations)
    {
        WarmUp(operations);
        int[] calls = [.. operations.Select(CallsPerBatch)];
        double[][] times = [.. operations.Select(_ => new double[Count])];
        for (int round = 0; round < Count; round++)
        {
            for (int i = 0; i < operations.Length; i++)
            {
                times[i][round] = TimeBatch(operations[i], calls[i]).TotalNanoseconds / calls[i];
            }
        }

        return times;
    }

    /// <returns>The median, over the rounds, of the time of one operation by that of another.</returns>
    public static double Ratio(double[] times, double[] floor) => Median([.. times.Zip(floor, (time, unit) => time / unit)]);

    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    public static TimeSpan TimeBatch(Action operation, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            operation();
        }

        return Stopwatch.GetElapsedTime(start);
    }

    // The runtime optimises behind the calls, on a thread of its own that a busy machine starves: what is timed before it is
    // done costs several times as much. So all operations are called until nothing has been compiled for a while.
    private static void WarmUp(Action[] operations)
    {
        long start = Stopwatch.GetTimestamp();
        long changed = start;
        for (long compiled = -1; Stopwatch.GetElapsedTime(changed) < QuietTime && Stopwatch.GetElapsedTime(start) < MaxWarmUpTime;)
        {
            Array.ForEach(operations, operation => TimeBatch(operation, WarmUpCalls / 10));
            if (compiled != JitInfo.GetCompiledMethodCount())
            {
                compiled = JitInfo.GetCompiledMethodCount();
                changed = Stopwatch.GetTimestamp();
            }
        }
    }

    private static int CallsPerBatch(Action operation)
    {
        TimeBatch(operation, WarmUpCalls);
        TimeSpan warm = TimeBatch(operation, WarmUpCalls);
        return Math.Max(1, (int)(WarmUpCalls * (BatchTime / warm)));
    }
}
