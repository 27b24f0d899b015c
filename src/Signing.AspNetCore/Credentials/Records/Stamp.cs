namespace Signing.AspNetCore;

/// <summary>When something was done, and by whom.</summary>
/// <param name="At">The instant.</param>
/// <param name="By">Who did it, as the host's sign-in names them.</param>
public readonly record struct Stamp(DateTimeOffset At, string By);
