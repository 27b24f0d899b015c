namespace Signing.PostgreSql;

/// <summary>How long ago the database was heard from, by two clocks.</summary>
internal sealed class Freshness(TimeProvider time, TimeSpan limit)
{
    private volatile Moment? _heard;

    public bool IsFresh => Age < limit;

    /// <summary>For how long nothing was heard: null before the first time.</summary>
    /// <remarks>The monotonic clock ignores whoever sets the time, but on some systems it stands still while the machine sleeps; the other one does not.</remarks>
    public TimeSpan? Age
    {
        get
        {
            if (_heard is not { } heard)
            {
                return null;
            }

            TimeSpan elapsed = time.GetElapsedTime(heard.Timestamp);
            TimeSpan passed = time.GetUtcNow() - heard.At;
            return elapsed > passed ? elapsed : passed;
        }
    }

    public Moment Now() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Takes what was read as true of the moment at which the reading began.</summary>
    public void Hear(Moment began) => _heard = began;

    internal sealed record Moment(long Timestamp, DateTimeOffset At);
}
