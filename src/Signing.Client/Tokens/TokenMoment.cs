namespace Signing.Client;

/// <summary>Holds an instant by two clocks: the wall's, which can be set, and the monotonic one, which can stand still while a machine sleeps.</summary>
internal readonly record struct TokenMoment(DateTimeOffset Wall, TimeSpan Monotonic)
{
    public static TokenMoment Now(TimeProvider time) => new(time.GetUtcNow(), time.GetElapsedTime(0));

    /// <summary>How long ago this was, by the clock that says longer; never negative.</summary>
    public TimeSpan AgeAt(TokenMoment now)
    {
        TimeSpan byWall = now.Wall - Wall;
        TimeSpan byMonotonic = now.Monotonic - Monotonic;
        TimeSpan age = byWall > byMonotonic ? byWall : byMonotonic;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>The moment so much earlier by both clocks.</summary>
    public TokenMoment Before(TimeSpan time) => new(Wall - time, Monotonic - time);
}
