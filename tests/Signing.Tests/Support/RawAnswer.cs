using System.Text;
using System.Text.Json;

namespace Signing.Tests.Support;

/// <summary>One response as it came.</summary>
public sealed class RawAnswer(int status, (string Name, string Value)[] fields, byte[] body)
{
    public int Status => status;

    public byte[] Body => body;

    public string Text => Encoding.UTF8.GetString(body);

    /// <summary>Gets the wire code of a refusal; <see langword="null"/> if the answer has none.</summary>
    public string? Code => this["Content-Type"]?.StartsWith("application/problem+json", StringComparison.Ordinal) == true
        ? JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()
        : null;

    /// <summary>Gets who the endpoint saw; <see langword="null"/> if no endpoint was reached.</summary>
    public string? User => this["X-User"];

    public string? this[string name] => All(name) is { Length: > 0 } values ? string.Join(", ", values) : null;

    public string[] All(string name) => [.. fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];

    public override string ToString() => $"{status} {string.Join(" | ", fields.Select(field => $"{field.Name}: {field.Value}"))} {Text}";
}
