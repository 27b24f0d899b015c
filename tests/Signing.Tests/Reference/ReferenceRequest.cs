namespace Signing.Tests.Reference;

/// <summary>A request as it came over the wire; header values keep their folds and their spaces.</summary>
public sealed record ReferenceRequest(
    string Method,
    string Scheme,
    string Authority,
    string Target,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    byte[] Body)
{
    // RFC 9110 §5.1: field names are case-insensitive.
    public IReadOnlyList<string> Lines(string name) =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToList();

    public bool Has(string name) => Lines(name).Count > 0;

    public ReferenceRequest With(string name, params IEnumerable<string> lines) =>
        this with { Fields = [.. Fields, .. lines.Select(line => KeyValuePair.Create(name, line))] };
}
