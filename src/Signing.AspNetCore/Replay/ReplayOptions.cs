namespace Signing.AspNetCore;

/// <summary>Configures the <see cref="InMemoryReplayStore"/>.</summary>
public sealed class ReplayOptions
{
    /// <summary>The default of <see cref="Capacity"/>: 2,097,152 claims.</summary>
    public const int DefaultCapacity = 1 << 21;

    /// <summary>The least that <see cref="Capacity"/> may be: 256 claims.</summary>
    public const int MinCapacity = 1 << 8;

    /// <summary>The most that <see cref="Capacity"/> may be: 268,435,456 claims.</summary>
    public const int MaxCapacity = 1 << 28;

    /// <summary>How many claims the store holds at once, from <see cref="MinCapacity"/> to <see cref="MaxCapacity"/>.</summary>
    /// <remarks>
    /// A claim is held for the policy's maximum age plus its skew, 305 seconds by default: the default capacity carries
    /// 3,400 verified requests per second, up to two fifths of them from one key. It is twice what they hold, because one key
    /// id may hold a quarter of the claims and no more than half of what is free, so that it takes dozens of keys to leave no
    /// room to others; for more from one key, give it four and a half times what that key holds. A store that is full
    /// refuses. Memory grows with traffic to 32 bytes per claim of capacity and half a megabyte per processor, and never
    /// beyond.
    /// </remarks>
    public int Capacity { get; set; } = DefaultCapacity;

    /// <summary>
    /// Whether a new store refuses signatures made before it started: <see langword="null"/>, the default, means everywhere but in Development.
    /// </summary>
    /// <remarks>
    /// A restarted process has forgotten what it accepted. With the floor, requests created before the start, or within the
    /// future skew after it, get 503 and <c>Retry-After</c> for the first seconds, and none can be replayed. Without it, a
    /// request accepted just before a restart is accepted again after it.
    /// </remarks>
    public bool? FloorAtStart { get; set; }
}
