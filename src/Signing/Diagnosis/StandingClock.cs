namespace Signing;

/// <summary>Tells one time for ever: that at which a captured request was received.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
