using System.Globalization;
using System.Text.Json;

namespace Signing.Tool;

/// <summary>What the diagnostics of a server say they saw of one request.</summary>
internal sealed class ServerView
{
    private readonly JsonElement _root;

    private ServerView(JsonElement root, DateTimeOffset now)
    {
        _root = root;
        Now = now;
        JsonElement seen = root.GetProperty("seen");
        Scheme = Text(seen, "scheme");
        Authority = Text(seen, "authority");
        Path = Text(seen, "path");
        Query = Text(seen, "query") is { Length: > 0 } query ? query : "?";
        Method = Text(seen, "method");
    }

    public string Method { get; }

    public string Scheme { get; }

    public string Authority { get; }

    public string Path { get; }

    /// <summary>With its question mark, a lone one if there is none.</summary>
    public string Query { get; }

    /// <summary>Path and query, as they stand in a request line.</summary>
    public string Target => Path + (Query == "?" ? "" : Query);

    public string Status => Text(_root, "status");

    public string? SignatureBase => TextOrNull(_root, "signature_base");

    public string? PublicOrigin => TextOrNull(_root, "public_origin");

    public DateTimeOffset Now { get; }

    public IReadOnlyList<string> Forwarded => List("forwarded");

    public IReadOnlyList<string> Required => List("required");

    public IReadOnlyList<string> Covered => List("covered");

    public long MaxAgeSeconds => Number("max_age_seconds");

    public long FutureSkewSeconds => Number("future_skew_seconds");

    /// <summary>The whole answer.</summary>
    public JsonElement Json => _root;

    /// <summary>Reads an answer.</summary>
    /// <returns>What it says; <see langword="null"/> if it is no diagnosis.</returns>
    public static ServerView? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            bool isDiagnosis = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("seen", out JsonElement seen) && seen.ValueKind == JsonValueKind.Object;
            return isDiagnosis && DateTimeOffset.TryParse(Text(root, "now"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset now)
                ? new ServerView(root.Clone(), now)
                : null;
        }
        catch (JsonException)
        {
            // The page of something else.
            return null;
        }
    }

    private IReadOnlyList<string> List(string name) => _root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    private long Number(string name) => _root.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out long value) ? value : 0;

    private static string Text(JsonElement element, string name) => TextOrNull(element, name) ?? "";

    private static string? TextOrNull(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
