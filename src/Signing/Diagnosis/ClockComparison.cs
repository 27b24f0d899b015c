using System.Globalization;

namespace Signing;

/// <summary>RFC 9421 §2.3. Says why the times of a signature do not fit the verifier's clock.</summary>
internal static class ClockComparison
{
    private const long Milliseconds = 100_000_000_000;
    private const long Quarter = 15 * 60;
    private const long Tolerance = 30;
    private const long LargestZone = 14 * 60 * 60;

    // What a structured field can hold is a thousand times more.
    private const long LongestSpan = long.MaxValue / TimeSpan.TicksPerSecond;

    public static Finding? Compare(CapturedSignature signature, VerificationPolicy policy, DateTimeOffset receivedAt)
    {
        var now = receivedAt.ToUnixTimeSeconds();
        if (signature.Created is not { } created)
        {
            return null;
        }

        if (created > Milliseconds)
        {
            return new(MismatchCause.ClockOff, "created counts milliseconds; RFC 9421 section 2.3 counts seconds");
        }

        var age = now - created;
        var isExpired = signature.Expires < now - (long)policy.FutureSkew.TotalSeconds;
        if (age <= (long)policy.MaxAge.TotalSeconds && -age <= (long)policy.FutureSkew.TotalSeconds && !isExpired)
        {
            return null;
        }

        if (isExpired && age <= (long)policy.MaxAge.TotalSeconds && age >= 0)
        {
            return new(MismatchCause.ClockOff, $"expires lies {Text(now - signature.Expires!.Value)} before the moment the request was received; sign each attempt when it is sent, with a later expires");
        }

        var offset = Math.Abs(age) % Quarter;
        var isZone = Math.Abs(age) >= 2 * Quarter && Math.Abs(age) <= LargestZone && Math.Min(offset, Quarter - offset) <= Tolerance;
        var likely = isZone ? "usually local time was taken for UTC; count seconds since 1970 in UTC"
            : age > 0 ? "usually the signer's clock is behind, or the request was signed earlier and sent or repeated late; set the clock (NTP), and sign each attempt when it is sent"
            : "usually the signer's clock is ahead; set it (NTP)";
        return new(MismatchCause.ClockOff, $"created lies {Text(Math.Abs(age))} {(age > 0 ? "before" : "after")} the moment the request was received: {likely}");
    }

    private static string Text(long seconds)
    {
        var span = TimeSpan.FromSeconds(Math.Min(seconds, LongestSpan));
        return span.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{span.Days} d {span.Hours} h {span.Minutes} min")
            : span.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{span.Hours} h {span.Minutes} min {span.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s");
    }
}
