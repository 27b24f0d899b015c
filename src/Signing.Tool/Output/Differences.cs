using System.Text.Json;

namespace Signing.Tool;

/// <summary>Writes what differs, for people and for programs.</summary>
internal static class Differences
{
    /// <summary>Writes the member <c>differences</c>.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ComponentDifference> differences)
    {
        writer.WriteStartArray("differences");
        foreach (ComponentDifference difference in differences)
        {
            writer.WriteStartObject();
            writer.WriteString("component", difference.Component);
            writer.WriteString("cause", JsonNamingPolicy.SnakeCaseLower.ConvertName(difference.Cause.ToString()));
            writer.WriteString("signed", difference.Signed);
            writer.WriteString("seen", difference.Seen);
            writer.WriteString("sentence", difference.Sentence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
