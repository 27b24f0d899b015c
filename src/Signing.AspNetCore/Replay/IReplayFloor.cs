namespace Signing.AspNetCore;

/// <summary>A replay store that says from which time on it remembers, so that callers learn when to come again.</summary>
internal interface IReplayFloor
{
    /// <summary>Gets the lowest time that a signature may have been created at, in seconds since 1970; <see langword="null"/> if it is not known.</summary>
    long? Floor { get; }
}
