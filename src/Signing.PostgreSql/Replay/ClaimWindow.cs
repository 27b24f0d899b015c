namespace Signing.PostgreSql;

/// <summary>How long signatures must be remembered, and how far ahead they may be signed, in whole seconds.</summary>
internal readonly record struct ClaimWindow(long Length, long Skew)
{
    /// <summary>How many seconds later times are opened beyond the one that is claimed: the change is written to disk, so not for every second anew.</summary>
    public const long Ahead = 2;

    /// <summary>Gets how many seconds share a slot: while the last slot is in use, the one that is emptied next has left the window.</summary>
    // The slots but the one in use must reach from the latest time that may be opened back to the end of the window.
    public long Width => DivideUp(Length + Skew + 1 + Ahead, ClaimMemory.Slots - 1);

    /// <summary>Gets the window that covers every policy.</summary>
    public static ClaimWindow Of(IEnumerable<VerificationPolicy> policies)
    {
        TimeSpan maxAge = TimeSpan.Zero;
        TimeSpan skew = TimeSpan.Zero;
        foreach (VerificationPolicy policy in policies)
        {
            maxAge = policy.MaxAge > maxAge ? policy.MaxAge : maxAge;
            skew = policy.FutureSkew > skew ? policy.FutureSkew : skew;
        }

        // A node whose clock is behind accepts what is older by the database's: the skew is for that side too.
        return new ClaimWindow(RoundUp(maxAge + skew), RoundUp(skew));
    }

    private static long RoundUp(TimeSpan time) => DivideUp(time.Ticks, TimeSpan.TicksPerSecond);

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;
}
