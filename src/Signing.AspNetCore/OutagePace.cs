namespace Signing.AspNetCore;

/// <summary>Has a store that fails told of at once, and then every ten seconds: with each request it would fill the disk of the log.</summary>
internal sealed class OutagePace
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // By the clock of whoever reads the log, not the one that requests are judged by.
    private long _told = long.MinValue;

    /// <summary>Says whether it is to be told of now; of those who ask at once one is told yes.</summary>
    public bool IsDue()
    {
        long now = TimeProvider.System.GetTimestamp();
        long told = Volatile.Read(ref _told);
        return (told == long.MinValue || TimeProvider.System.GetElapsedTime(told, now) >= Interval) && Interlocked.CompareExchange(ref _told, now, told) == told;
    }
}
