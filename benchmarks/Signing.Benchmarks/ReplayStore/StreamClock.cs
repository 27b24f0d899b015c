namespace Signing.Benchmarks.ReplayStore;

/// <summary>A clock in whole seconds that the streams themselves move, so that minutes of traffic take as long as the store does.</summary>
internal sealed class StreamClock : TimeProvider
{
    private long _second;

    public StreamClock()
    {
        _second = Start;
    }

    public long Start { get; } = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    public void Reach(long second)
    {
        if (second > Volatile.Read(ref _second))
        {
            Volatile.Write(ref _second, second);
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Volatile.Read(ref _second));
}
