namespace Signing.Tests.Responses.Model;

/// <summary>One answer in parts: as the server gave it, or as whoever is on the way made it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Fields">The fields, line by line, without those of the framing.</param>
/// <param name="Body">The content.</param>
internal sealed record Answered(int Status, IReadOnlyList<(string Name, string Value)> Fields, byte[] Body)
{
    public const string Input = "Signature-Input";
    public const string Mac = "Signature";

    public bool IsSigned => this[Input] is not null;

    public string? this[string name]
    {
        get
        {
            string[] lines = [.. Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static field => field.Value)];
            return lines.Length == 0 ? null : string.Join(", ", lines);
        }
    }

    public Answered With(string name, params string[] lines) =>
        this with { Fields = [.. Fields.Where(field => !field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)), .. lines.Select(line => (name, line))] };

    /// <summary>Reads what came from the server.</summary>
    public static async Task<Answered> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        bool hasNone = body.Length == 0;
        return new Answered(
            (int)response.StatusCode,
            [
                .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                    .Where(field => field.Key != "Transfer-Encoding" && (hasNone || field.Key != "Content-Length"))
                    .SelectMany(static field => field.Value, static (field, value) => (field.Key, value)),
            ],
            body);
    }

    public override string ToString() => $"{Status} {string.Join(" | ", Fields.Select(static field => $"{field.Name}: {field.Value}"))} +{Body.Length}";
}
