namespace Signing.PostgreSql;

/// <summary>Configures how a node hears of what others change, and how much it keeps in memory meanwhile.</summary>
public sealed class PropagationOptions
{
    /// <summary>How often a node asks whether anything has changed, should no notification have told it, from 50 milliseconds to 10 seconds: 500 milliseconds unless set.</summary>
    /// <remarks>It bounds how long a revocation takes where notifications do not arrive, as behind a transaction pooler.</remarks>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node answers from memory without hearing from the database, from one second to an hour and at least twice <see cref="PollInterval"/>: 30 seconds unless set.</summary>
    /// <remarks>After that it answers 503, until it hears again.</remarks>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a node also listens for notifications, on a connection of its own, which it does unless set.</summary>
    public bool Listen { get; set; } = true;

    /// <summary>How many look-ups of each kind a node keeps in memory, known and unknown ones apart, from 16 to 10,000,000: 100,000 unless set.</summary>
    /// <remarks>A credential takes about 4 KB, a login about 2 KB, an unknown key id about 200 bytes.</remarks>
    public int CacheCapacity { get; set; } = 100_000;

    internal void AddFailures(List<string> failures)
    {
        if (PollInterval < TimeSpan.FromMilliseconds(50) || PollInterval > TimeSpan.FromSeconds(10))
        {
            failures.Add("Propagation.PollInterval must be from 50 milliseconds to 10 seconds.");
        }

        if (MaxStaleness < TimeSpan.FromSeconds(1) || MaxStaleness > TimeSpan.FromHours(1) || MaxStaleness < 2 * PollInterval)
        {
            failures.Add("Propagation.MaxStaleness must be from one second to an hour, and at least twice the PollInterval.");
        }

        if (CacheCapacity is < 16 or > 10_000_000)
        {
            failures.Add("Propagation.CacheCapacity must be from 16 to 10,000,000.");
        }
    }
}
