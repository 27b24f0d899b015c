using Signing.Tests.Reference;

namespace Signing.Tests.Responses;

/// <summary>A response as it came over the wire, the request that it answers, and the label of that request's signature.</summary>
public sealed record ReferenceResponse(int Status, IReadOnlyList<KeyValuePair<string, string>> Fields, byte[] Body, ReferenceRequest? Request, string? RequestLabel)
{
    public IReadOnlyList<string> Lines(string name) =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToList();

    public ReferenceResponse With(string name, params IEnumerable<string> lines) =>
        this with { Fields = [.. Fields, .. lines.Select(line => KeyValuePair.Create(name, line))] };
}
