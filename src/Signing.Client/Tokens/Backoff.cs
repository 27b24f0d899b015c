using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>Computes how long nothing is tried after a failure: arithmetic, without a clock.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>What is believed at most of a <c>Retry-After</c>.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromDays(1);

    private const double Jitter = 0.20;
    private const int LongestIsReachedAt = 7;

    /// <summary>Doubles from 1 s to 60 s, give or take 20 %.</summary>
    /// <param name="failures">How many there were in a row, this one included; from 1.</param>
    /// <param name="draw">A random number from 0 to 1.</param>
    public static TimeSpan After(int failures, double draw)
    {
        TimeSpan wait = failures >= LongestIsReachedAt ? Longest : First * (1 << (failures - 1));
        return wait * (1 + (Jitter * ((2 * draw) - 1)));
    }

    /// <summary>RFC 9110 §10.2.3. Reads seconds, or a date by the clock of whoever gave it.</summary>
    /// <param name="asked">The field, if there is one.</param>
    /// <param name="answered">The <c>Date</c> of the answer, if there is one.</param>
    /// <param name="now">The time by our own clock.</param>
    /// <returns>How long to wait, from zero to a day; <see langword="null"/> without the field.</returns>
    public static TimeSpan? Asked(RetryConditionHeaderValue? asked, DateTimeOffset? answered, DateTimeOffset now)
    {
        TimeSpan? wait = asked?.Delta ?? (asked?.Date - (answered ?? now));
        return wait is { } time ? TimeSpan.FromTicks(Math.Clamp(time.Ticks, 0, LongestAsked.Ticks)) : null;
    }
}
