namespace Signing.Management;

/// <summary>Reads durations, which are numbers of a unit; what is too long for any rule is refused before it overflows.</summary>
internal static class Duration
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(36_500);

    /// <summary>Reads a duration that may be absent.</summary>
    /// <returns>Whether it is one; the rules say whether it is one that may be.</returns>
    public static bool TryRead(double? number, Func<double, TimeSpan> unit, out TimeSpan? duration)
    {
        bool isReadable = number is null || (number >= 0 && number <= Most / unit(1));
        duration = isReadable && number is { } known ? unit(known) : null;
        return isReadable;
    }
}
