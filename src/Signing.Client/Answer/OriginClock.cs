namespace Signing.Client;

/// <summary>Tells the time by the clock of an origin, as far as it is known.</summary>
internal sealed class OriginClock(TimeProvider own, TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => own.GetUtcNow() + offset;
}
