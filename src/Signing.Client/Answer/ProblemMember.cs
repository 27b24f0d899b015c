using System.Text.Json;

namespace Signing.Client;

/// <summary>RFC 9457. Reads one text out of problem details.</summary>
internal static class ProblemMember
{
    /// <summary>Finds a member of the outermost object.</summary>
    /// <returns>Its text; <see langword="null"/> if there is none, or the content is not JSON.</returns>
    public static string? Find(ReadOnlySpan<byte> content, string name)
    {
        var reader = new Utf8JsonReader(content);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isWanted = reader.ValueTextEquals(name);
                reader.Read();
                if (isWanted)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }

                reader.Skip();
            }

            return null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // Not JSON, cut off, or a text that is not one of Unicode: the caller sees it as it is.
            return null;
        }
    }
}
