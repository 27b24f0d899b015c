using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>When something was done, and by whom.</summary>
internal sealed record StampAnswer(DateTimeOffset At, string By)
{
    public static StampAnswer Of(Stamp stamp) => new(stamp.At, stamp.By);
}
