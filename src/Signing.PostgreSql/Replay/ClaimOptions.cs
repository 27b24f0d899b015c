namespace Signing.PostgreSql;

/// <summary>Configures how a node claims signatures.</summary>
public sealed class ClaimOptions
{
    /// <summary>The default of <see cref="Capacity"/>: 8,388,608 claims.</summary>
    public const int DefaultCapacity = 1 << 23;

    /// <summary>The least that <see cref="Capacity"/> may be: 256 claims.</summary>
    public const int MinCapacity = 1 << 8;

    /// <summary>The most that <see cref="Capacity"/> may be: 1,073,741,824 claims.</summary>
    public const int MaxCapacity = 1 << 30;

    /// <summary>How many signatures this node may have claimed within the window, from <see cref="MinCapacity"/> to <see cref="MaxCapacity"/>.</summary>
    /// <remarks>
    /// A claim takes about 100 bytes in the database for the policy's maximum age plus its skew, 305 seconds by default: the
    /// default capacity carries 13,700 verified requests per second and node, up to two fifths of them from one key. It is
    /// twice what they hold, because one key id may hold a quarter of it and no more than half of what is free, so that it
    /// takes dozens of keys to leave no room to others; for more from one key, give it four and a half times what that key
    /// holds. When an eighth more than this is counted, of which what has just left the window may be half, the node refuses.
    /// </remarks>
    public int Capacity { get; set; } = DefaultCapacity;

    /// <summary>How long the database may take for a batch of claims, from 50 milliseconds to 30 seconds: one second unless set.</summary>
    /// <remarks>What takes longer is refused with 503. A request waits for one batch before it is in the next, so for twice as long at most.</remarks>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    internal void AddFailures(List<string> failures)
    {
        if (Capacity is < MinCapacity or > MaxCapacity)
        {
            failures.Add("Claims.Capacity must be from 256 to 1,073,741,824.");
        }

        if (Timeout < TimeSpan.FromMilliseconds(50) || Timeout > TimeSpan.FromSeconds(30))
        {
            failures.Add("Claims.Timeout must be from 50 milliseconds to 30 seconds.");
        }
    }
}
