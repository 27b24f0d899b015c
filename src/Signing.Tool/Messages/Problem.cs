using System.Text.Json;

namespace Signing.Tool;

/// <summary>RFC 9457, or RFC 6749 §5.2 of a token endpoint. What a refusal says about itself.</summary>
internal sealed record Problem(string? Code, string? Title, string? Detail, string? SignatureBase)
{
    /// <summary>Reads the body of an answer.</summary>
    /// <returns>What it says; <see langword="null"/> if it is no JSON object.</returns>
    public static Problem? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Problem(
                    Text(document.RootElement, "code") ?? Text(document.RootElement, "error"),
                    Text(document.RootElement, "title"),
                    Text(document.RootElement, "detail") ?? Text(document.RootElement, "error_description"),
                    Text(document.RootElement, "signature_base"))
                : null;
        }
        catch (JsonException)
        {
            // An answer of something else than our server.
            return null;
        }
    }

    /// <summary>Ends a sentence about a refusal with what it says about itself: <c>: The signature is too old. (too_old)</c>, or a full stop if it says nothing.</summary>
    public static string Said(Problem? problem)
    {
        string?[] parts = [problem?.Title, problem?.Detail != problem?.Title ? problem?.Detail : null, problem?.Code is { } code ? $"({code})" : null];
        string text = string.Join(' ', parts.OfType<string>());
        return text.Length == 0 ? "." : $": {Printable.Of(text)}";
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
