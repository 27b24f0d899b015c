using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signing.Management;

/// <summary>RFC 3339. Writes instants in UTC, and reads none without an offset: nobody's local time is meant.</summary>
internal sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out DateTimeOffset instant) || !HasOffset(reader.GetString()!))
        {
            throw new JsonException();
        }

        return instant.ToUniversalTime();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));

    // RFC 3339 §5.6: time-offset = "Z" / time-numoffset.
    private static bool HasOffset(string text) =>
        text.IndexOf('T', StringComparison.Ordinal) is > 0 and var time && (text[^1] == 'Z' || text.AsSpan(time).ContainsAny('+', '-'));
}
