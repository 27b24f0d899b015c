using System.Globalization;
using System.Text.Json;

namespace Signing.Tool;

/// <summary>One credential as the admin API tells of it.</summary>
internal static class KeyRow
{
    private static readonly string[] Columns = ["id", "key", "kind", "name", "state", "environment", "applicationId", "expires"];

    public static string Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Says until when the Secret before the present one is accepted; <see langword="null"/> if none is.</summary>
    public static string? FormerSecretUntil(JsonElement row)
    {
        if (!row.TryGetProperty("secrets", out JsonElement secrets) || secrets.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (JsonElement secret in secrets.EnumerateArray())
        {
            if (Text(secret, "retiresAt").Length > 0 && secret.TryGetProperty("isDestroyed", out JsonElement gone) && gone.ValueKind == JsonValueKind.False)
            {
                return Instant(Text(secret, "retiresAt"));
            }
        }

        return null;
    }

    /// <summary>Writes rows in columns, each as wide as its widest value.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<JsonElement> rows)
    {
        string[][] cells = [[.. Columns.Select(name => name == "applicationId" ? "APPLICATION" : name.ToUpperInvariant())], .. rows.Select(row => Columns.Select(name => Cell(row, name)).ToArray())];
        int[] widths = [.. Columns.Select((_, column) => cells.Max(line => line[column].Length))];
        return cells.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Cell(JsonElement row, string name) =>
        Printable.Of(name == "expires" ? Instant(Text(row, name)) : Text(row, name)) is { Length: > 0 } text ? text : "-";

    private static string Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? InstantText.Of(instant)
            : Printable.Of(text);
}
