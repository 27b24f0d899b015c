namespace Signing.AspNetCore;

/// <summary>The answer of an <see cref="IReplayStore"/> to one claim.</summary>
/// <remarks>Zero is <see cref="Unavailable"/>, so a forgotten assignment never accepts; only <see cref="Claimed"/> does.</remarks>
public enum ReplayClaim
{
    /// <summary>The store cannot tell: it is full, unreachable, or does not remember the time in question.</summary>
    Unavailable = 0,

    /// <summary>This is the first claim of the signature, and every later one is refused.</summary>
    Claimed,

    /// <summary>The signature was claimed before.</summary>
    AlreadyClaimed,

    /// <summary>The signature was created before the time from which the store remembers.</summary>
    BeforeFloor,

    /// <summary>The key id holds its whole share of the store; other keys are not affected.</summary>
    QuotaExceeded,
}
