using System.Diagnostics;

namespace Signing.Benchmarks.Claims;

/// <summary>So many callers who each do one thing after another for a while.</summary>
internal static class Load
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    /// <param name="callers">How many at the same time.</param>
    /// <param name="operation">What each does; <see langword="false"/> counts as a failure.</param>
    public static async Task<Measured> RunAsync(int callers, Func<Task<bool>> operation)
    {
        long start = Stopwatch.GetTimestamp();
        (List<long> Times, int Failures)[] own = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            List<long> times = new(4096);
            int failures = 0;
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                long began = Stopwatch.GetTimestamp();
                failures += await operation() ? 0 : 1;
                times.Add(Stopwatch.GetTimestamp() - began);
            }

            return (times, failures);
        })));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long[] all = [.. own.SelectMany(caller => caller.Times).Order()];
        return new Measured(all.Length / elapsed.TotalSeconds, Milliseconds(all[all.Length / 2]), Milliseconds(all[all.Length * 99L / 100]), own.Sum(caller => caller.Failures));
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
