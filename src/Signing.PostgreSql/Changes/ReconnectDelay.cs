namespace Signing.PostgreSql;

/// <summary>Computes how long to wait after a failure: and waits.</summary>
internal static class ReconnectDelay
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private const int LongestIsReachedAt = 10;

    /// <summary>Waits, or is stopped.</summary>
    public static async Task WaitAsync(int failures, TimeSpan pollInterval, TimeProvider time, CancellationToken stopping) =>
        await Task.Delay(After(failures, pollInterval, Random.Shared.NextDouble()), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Doubles from a fifth of the poll interval to two seconds, less up to a half, so that the nodes do not come all at once.</summary>
    /// <param name="failures">How many there were in a row, this one included; from 1.</param>
    /// <param name="pollInterval">How often a node asks where nothing fails; when longer than two seconds, the longest wait too.</param>
    /// <param name="draw">A random number from 0 to 1.</param>
    public static TimeSpan After(int failures, TimeSpan pollInterval, double draw)
    {
        TimeSpan longest = pollInterval > Longest ? pollInterval : Longest;
        TimeSpan wait = pollInterval / 5 * (1 << (Math.Min(failures, LongestIsReachedAt) - 1));
        return (wait < longest ? wait : longest) * (1 - (draw / 2));
    }
}
