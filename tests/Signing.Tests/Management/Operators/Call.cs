using System.Text.Json;
using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>One request, and every answer to it that the documents permit.</summary>
internal sealed class Call(Operator caller, string method, string path)
{
    public Operator Caller => caller;

    public string Method { get; set; } = method;

    public string Path { get; set; } = path;

    public JsonObject? Json { get; set; }

    /// <summary>What is sent in the place of <see cref="Json"/>.</summary>
    public string? Raw { get; set; }

    public string? IfMatch { get; set; }

    public Action<HttpRequestMessage> Touch { get; set; } = static _ => { };

    /// <summary>The one refusal that nothing comes before.</summary>
    public string? Only { get; set; }

    /// <summary>The row of the path is not there for this caller.</summary>
    public bool IsMissing { get; set; }

    /// <summary>An id of the body is not there for this caller.</summary>
    public bool RefersToMissing { get; set; }

    public bool IsForbidden { get; set; }

    /// <summary>What is wrong with the request, be it permitted or not: its form, or its version of a row that the caller sees.</summary>
    public List<string> Misshapen { get; } = [];

    /// <summary>Why what is stored does not permit it.</summary>
    public List<string> Reasons { get; } = [];

    public int Success { get; set; } = 200;

    public bool ShowsText { get; set; }

    /// <summary>Changes what is expected as the answer says.</summary>
    public Action<JsonElement> Apply { get; set; } = static _ => { };

    /// <summary>What the audit must tell of a success: action and target.</summary>
    public List<(string Action, string Target)> Events { get; } = [];

    public string? Body => Raw ?? Json?.ToJsonString();

    /// <summary>Gives the codes with which it may be refused; none if it must succeed.</summary>
    public IReadOnlyCollection<string> Refusals()
    {
        if (Only is not null)
        {
            return [Only];
        }

        if (IsMissing)
        {
            return ["not_found"];
        }

        // Whoever may not do it learns nothing of what is stored.
        string[] barriers = [.. RefersToMissing ? ["not_found"] : Array.Empty<string>(), .. IsForbidden ? ["forbidden"] : Array.Empty<string>()];
        IEnumerable<string> reasons = barriers.Length > 0 ? barriers : Reasons;
        return [.. reasons, .. Misshapen];
    }

    public override string ToString() => $"{caller} {Method} {Path} {(Body is { Length: > 400 } ? Body[..400] : Body)} {(IfMatch is null ? "" : $"If-Match: {IfMatch}")}";
}
