using System.Text.Json;

namespace Signing.Tool;

/// <summary>One credential as the admin API tells of it.</summary>
internal static class KeyRow
{
    private static readonly string[] Shown = ["id", "key", "kind", "name", "state", "environment", "applicationId", "expires"];

    /// <summary>The columns of the list.</summary>
    public static IReadOnlyList<string> Columns => Shown;

    public static string Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Writes rows in columns, each as wide as its widest value.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<JsonElement> rows)
    {
        string[][] cells = [[.. Shown.Select(name => name == "applicationId" ? "APPLICATION" : name.ToUpperInvariant())], .. rows.Select(row => Shown.Select(name => Cell(row, name)).ToArray())];
        int[] widths = [.. Shown.Select((_, column) => cells.Max(line => line[column].Length))];
        return cells.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Cell(JsonElement row, string name) => Printable.Of(Text(row, name)) is { Length: > 0 } text ? text : "-";
}
