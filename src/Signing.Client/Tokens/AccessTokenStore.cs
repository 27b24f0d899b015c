namespace Signing.Client;

/// <summary>Keeps the tokens of clients beyond one process; register one as a singleton, or none: tokens are then kept in memory.</summary>
/// <remarks>
/// The texts hold tokens: encrypt them wherever they leave this process. A store that is down, slow (2 s) or gives back something
/// else than it was given is passed by and logged; requests go on with what is in memory.
/// </remarks>
public abstract class AccessTokenStore
{
    /// <summary>Reads the text under a name.</summary>
    /// <param name="name">64 hexadecimal characters; the same for the same token endpoints, Key, sharing key and scopes, and secret to nobody.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>The text, or <see langword="null"/> if there is none.</returns>
    public abstract ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces a text by another in one step, but only if it is still the expected one.</summary>
    /// <param name="name">The name it is under.</param>
    /// <param name="expected">The text that was read; <see langword="null"/> if there must be none.</param>
    /// <param name="replacement">The new text; <see langword="null"/> to remove it.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> if another text is there, which stays.</returns>
    /// <remarks>Comparing and setting must be one step for all processes: a lock of this process is not enough for a file.</remarks>
    public abstract ValueTask<bool> TryReplaceAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken);
}
