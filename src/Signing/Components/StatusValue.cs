using System.Globalization;

namespace Signing;

/// <summary>RFC 9421 §2.2.9. Writes the value of <c>@status</c>: three digits.</summary>
internal static class StatusValue
{
    private const int Digits = 3;

    /// <summary>Writes a status code.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if it has not three digits.</returns>
    public static bool TryWrite(int status, ref BaseBuffer buffer)
    {
        // RFC 9110 §15: a three-digit integer.
        if (status is < 100 or > 999)
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[Digits];
        status.TryFormat(digits, out _, default, CultureInfo.InvariantCulture);
        buffer.Append(digits);
        return !buffer.Failed;
    }
}
