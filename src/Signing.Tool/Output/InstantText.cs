using System.Globalization;

namespace Signing.Tool;

/// <summary>Writes instants as they are given in arguments: RFC 3339 in UTC, to the second.</summary>
internal static class InstantText
{
    public static string Of(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
