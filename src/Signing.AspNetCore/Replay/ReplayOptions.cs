namespace Signing.AspNetCore;

/// <summary>Configures the <see cref="InMemoryReplayStore"/>.</summary>
public sealed class ReplayOptions
{
    /// <summary>The default of <see cref="Capacity"/>: 1,048,576 claims.</summary>
    public const int DefaultCapacity = 1 << 20;

    /// <summary>How many claims the store holds at once, from 256 to 268,435,456; 1,048,576 unless set.</summary>
    /// <remarks>
    /// A claim is held for the policy's maximum age plus its skew, 305 seconds by default: the default capacity carries
    /// 3,400 verified requests per second. Memory grows with traffic to at most 40 bytes per claim of capacity (42 MB by
    /// default) and never beyond. A store that is full refuses.
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
