namespace Signing.Browser.Tests.Support;

/// <summary>The time of the machine, and as much later as a test wants it to be.</summary>
public sealed class ShiftedClock : TimeProvider
{
    /// <summary>How much later.</summary>
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
