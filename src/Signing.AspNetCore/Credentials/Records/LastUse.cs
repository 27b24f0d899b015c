namespace Signing.AspNetCore;

/// <summary>When and from where something was last used, to the minute: it is written at most once a minute, and only for verified requests.</summary>
/// <param name="At">The instant of a request; none of the last minute is newer.</param>
/// <param name="Address">The address it came from; <see langword="null"/> if the server does not know it.</param>
public readonly record struct LastUse(DateTimeOffset At, string? Address);
