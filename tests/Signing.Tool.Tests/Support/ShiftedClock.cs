namespace Signing.Tool.Tests;

/// <summary>The clock of a server that nobody has set.</summary>
internal sealed class ShiftedClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
