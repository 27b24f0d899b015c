using System.Text.Json.Nodes;

namespace Signing.Interop.Tests.Messages;

/// <summary>A request, and what of it is to be covered.</summary>
public sealed record OddMessage(string Method, string Scheme, string Authority, string Target, (string Name, string Value)[] Fields, string[] Covered)
{
    /// <summary>Gets the message as the programs of node/ take it.</summary>
    public JsonObject Job(string what) => new()
    {
        ["do"] = what,
        ["method"] = Method,
        ["url"] = $"{Scheme}://{Authority}{Target}",
        ["fields"] = new JsonArray([.. Fields.Select(field => new JsonArray(field.Name, field.Value))]),
        ["covered"] = new JsonArray([.. Covered.Select(identifier => JsonValue.Create(identifier))]),
        ["key"] = Support.OurServer.Key,
        ["secret"] = Support.OurServer.Secret,
    };

    public OddMessage With(params IEnumerable<(string, string)> fields) => this with { Fields = [.. Fields, .. fields] };

    public override string ToString() => $"{Method} {Scheme} {Authority} {Target}\n{string.Join('\n', Fields.Select(field => $"  {field.Name}: {field.Value}"))}\n  to cover {string.Join(' ', Covered)}";
}
