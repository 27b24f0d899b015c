using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

/// <summary>Tells operators whether signatures can be claimed: once when they cannot any more, and once when they can again.</summary>
internal sealed class ClaimHealth(ILogger logger, ClaimMetrics metrics)
{
    private int _isFailing;
    private int _failures;

    /// <summary>Gets how often the database has not done what it was asked.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public void Failed(Exception exception)
    {
        Interlocked.Increment(ref _failures);
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            ClaimLog.Failed(logger, exception);
        }
    }

    public void Slow(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            ClaimLog.Slow(logger, timeout.TotalMilliseconds);
        }
    }

    public void Answered(int claims, TimeSpan duration)
    {
        metrics.Add(claims, duration);
        if (Volatile.Read(ref _isFailing) != 0 && Interlocked.Exchange(ref _isFailing, 0) != 0)
        {
            ClaimLog.Recovered(logger);
        }
    }

    public void Begun(long floor)
    {
        metrics.AddMemory();
        ClaimLog.Begun(logger, DateTimeOffset.FromUnixTimeSeconds(floor));
    }
}
