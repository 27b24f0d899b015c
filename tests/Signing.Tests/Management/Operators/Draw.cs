using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>Draws what is sent: mostly what is right, and now and then what is wrong in one way, with the code that says so.</summary>
internal sealed class Draw(int seed)
{
    private static readonly string[] Names = ["alpha", "Beta", "beta", "gamma", "delta", "<img src=x>", "ünïcødé 🗝"];
    private static readonly (string Name, string Code)[] NoNames = [("", "name_invalid"), (" x", "name_invalid"), ("a\u0001", "name_invalid"), (new string('n', 201), "name_invalid")];
    private static readonly string[] Scopes = ["read", "write", "as.viewer", "as.manager", "as.administrator", "signing.manage"];
    private static readonly string[][] NoScopes = [["read", "read"], ["a b"], [""], [new string('s', 129)], [.. Enumerable.Range(0, 65).Select(i => $"s{i}")], ["signing.manage "], ["signing.manage\n"]];
    private static readonly double[] Seconds = [0, 1, 3600, 86_400, 14 * 86_400, 90 * 86_400];
    private static readonly double[] NoSeconds = [-1, 90 * 86_400 + 1, 1e12, 1e300];

    private readonly Random _random = new(seed);

    public bool OneIn(int n) => _random.Next(n) == 0;

    public int Below(int n) => _random.Next(n);

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public string Name(Call call)
    {
        if (!OneIn(15))
        {
            return OneIn(3) ? $"name {_random.Next(1000)}" : Pick(Names);
        }

        (string name, string code) = Pick(NoNames);
        call.Reasons.Add(code);
        return name;
    }

    public string[] ScopeList(Call call, IReadOnlyList<string>? within = null)
    {
        if (OneIn(15))
        {
            call.Reasons.Add("list_invalid");
            return Pick(NoScopes);
        }

        bool mayManage = OneIn(3);
        return [.. (within is { Count: > 0 } && !OneIn(6) ? within : Scopes).Where(scope => OneIn(2) && (mayManage || scope != "signing.manage"))];
    }

    public double Duration(Call call)
    {
        if (!OneIn(10))
        {
            return Pick(Seconds);
        }

        call.Reasons.Add("duration_invalid");
        return Pick(NoSeconds);
    }

    public DateTimeOffset Instant(DateTimeOffset now) => now + TimeSpan.FromSeconds(OneIn(8) ? -Pick(Seconds) : Pick(Seconds) + (OneIn(3) ? 0 : 1));

    /// <summary>Spoils the form of a body, whatever it says.</summary>
    public void Misshape(Call call)
    {
        JsonObject body = call.Json ?? [];
        (string raw, string code) = Pick(new[]
        {
            (body.ToJsonString()[..^1], "invalid_request"), ("[]", "invalid_request"), ("null", "invalid_request"), ("", "invalid_request"), ("{\"name\":\"a\",\"name\":\"b\"}", "invalid_request"),
            (With(body, "nobody", "knows"), "unknown_member"), (With(body, "Name", "x"), "unknown_member"), (With(body, "version", 1), "unknown_member"), (With(body, "__proto__", "x"), "unknown_member"),
            (body.ToJsonString() + "{}", "invalid_request"), ("{\"\\ud800\":1}", "invalid_request"), (new string('[', 5000), "invalid_request"), (With(body, "x", new string('y', 70_000)), "body_too_large"),
        });
        call.Raw = raw;
        call.Misshapen.Add(code);
        if (raw.Length == 0)
        {
            // No body at all is an empty object, of which some routes miss nothing.
            call.Raw = "[7]";
        }

        static string With(JsonObject body, string name, JsonNode value)
        {
            JsonObject more = body.DeepClone().AsObject();
            more[name] = value;
            return more.ToJsonString();
        }
    }
}
