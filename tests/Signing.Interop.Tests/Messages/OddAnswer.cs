using System.Text.Json.Nodes;

namespace Signing.Interop.Tests.Messages;

/// <summary>A response to a signed request, and what of both is to be covered.</summary>
public sealed record OddAnswer(OddMessage Request, int Status, (string Name, string Value)[] Fields, string[] Covered)
{
    /// <summary>Gets the response as the programs of node/ take it.</summary>
    public JsonObject Job(string what) => new()
    {
        ["do"] = what,
        ["status"] = Status,
        ["fields"] = new JsonArray([.. Fields.Select(field => new JsonArray(field.Name, field.Value))]),
        ["covered"] = new JsonArray([.. Covered.Select(identifier => JsonValue.Create(identifier))]),
        ["key"] = Support.OurServer.Key,
        ["secret"] = Support.OurServer.Secret,
        ["request"] = Request.Job("be answered"),
    };

    public OddAnswer With(params IEnumerable<(string, string)> fields) => this with { Fields = [.. Fields, .. fields] };

    public override string ToString() => $"{Status}\n{string.Join('\n', Fields.Select(field => $"  {field.Name}: {field.Value}"))}\n  to cover {string.Join(' ', Covered)}\n  answers {Request}";
}
