using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>When and from where something was last used.</summary>
internal sealed record UseAnswer(DateTimeOffset At, string? Address)
{
    public static UseAnswer? Of(LastUse? use) => use is { } known ? new UseAnswer(known.At, known.Address) : null;
}
