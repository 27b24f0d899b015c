using Signing.Tests.Fuzz;

namespace Signing.Interop.Tests.Messages;

/// <summary>Writes requests as no program would, but might: odd but permitted paths, queries and fields, and any choice of what is covered.</summary>
public sealed class RandomMessage(Draw draw)
{
    private static readonly string[] Derived = ["@authority", "@path", "@query", "@scheme", "@target-uri"];
    private static readonly string[] FieldNames = ["x-a", "x-b", "cache-control", "x-dict", "x-list", "x-item"];
    private static readonly string[] QueryNames = ["a", "b", "c%20d", "pet"];

    public OddMessage Generate()
    {
        string[] fields = [.. FieldNames.Where(_ => draw.OneIn(2))];
        string[] parameters = [.. QueryNames.Where(_ => draw.OneIn(4))];
        string host = draw.Of("api.example.com", "API.Example.COM", "api.example.com:80", "api.example.com:443", "api.example.com:8080", "[2001:db8::1]", "[2001:DB8::1]:8443", "a_b.example");
        bool odd = draw.OneIn(3);
        return new OddMessage(
            draw.Of("GET", "POST", "DELETE", "PATCH", "M-SEARCH"),
            draw.Of("http", "https"),
            host,
            Path() + Query(parameters),
            [.. fields.SelectMany(Lines)],
            ["@method", .. Derived.Where(component => draw.OneIn(2) && IsWrittenAlike(component, host)), .. odd ? Odd(fields, parameters) : fields]);
    }

    /// <summary>Writes an answer to a request that is signed under the label <c>sig</c>, with fields of its own and any choice of what of the request is covered.</summary>
    public OddAnswer Answer(OddMessage request)
    {
        string[] fields = [.. FieldNames.Where(_ => draw.OneIn(2))];
        string[] asked = [.. request.Fields.Select(field => field.Name).Where(name => name.StartsWith("x-", StringComparison.Ordinal)).Distinct()];
        return new OddAnswer(
            request,
            draw.Of(200, 204, 302, 404, 503),
            [.. fields.SelectMany(Lines)],
            [
                "@status",
                .. Derived.Prepend("@method").Where(component => draw.OneIn(2) && IsWrittenAlike(component, request.Authority)).Concat(asked.Where(_ => draw.OneIn(2))).Select(name => $"\"{name}\";req"),
                draw.Of("\"signature\";req;key=\"sig\"", "\"signature\";key=\"sig\";req"),
                .. fields,
            ]);
    }

    // RFC 9421 §2.2.2 does not say whether the target URI is normalised; verifiers of the other side are handed it as it came.
    private static bool IsWrittenAlike(string component, string host) => component != "@target-uri" || host is "api.example.com:8080" or "[2001:db8::1]" or "a_b.example";

    private string Path() => "/" + draw.Repeat(4, () => draw.Repeat(3, () => draw.Of("a", "orders", "42", "%2F", "%7E", "%c3%A9", "~", "'", "(", "*", "!", "$", "&", "+", ",", ";", "=", ":", "@", "%20", "%25")), "/");

    private string Query(string[] parameters) => parameters.Length == 0 ? "" : "?" + string.Join('&', parameters.Select(name => name + draw.Of("", "=", "=1", "=x+y", "=%26", "=a%20b", "=*-._", "=%C3%A9", "=?", "=a=b", "=/")));

    private IEnumerable<(string Name, string Value)> Lines(string name) =>
        Enumerable.Range(0, 1 + (draw.OneIn(3) ? draw.Below(3) : 0)).Select(_ => (name, Agreed(Value(name))));

    // Without what is tested by itself: what is not ASCII, and what structured-headers writes in a way of its own.
    private static string Agreed(string value) => value
        .Replace('é', 'e')
        .Replace("%00", "%7f", StringComparison.Ordinal)
        .Replace(".000", ".125", StringComparison.Ordinal)
        .Replace(".0", ".5", StringComparison.Ordinal);

    private string Value(string name) => name switch
    {
        "x-dict" => new StructuredText(draw).Dictionary(),
        "x-list" => new StructuredText(draw).List(),
        "x-item" => new StructuredText(draw).Item(),
        _ => draw.Repeat(4, () => draw.Of("", " ", "  ", "\t", "a", "no-cache", ",", ", ", "\"q, r\"", "a=b", ";", "\\", "W/\"x\"", "Tue, 20 Apr 2021 02:07:55 GMT")),
    };

    private IEnumerable<string> Odd(string[] fields, string[] parameters) =>
    [
        .. parameters.Select(name => $"\"@query-param\";name=\"{name}\"").Where(_ => draw.OneIn(2)),
        .. fields.Select(name => draw.Of(name, $"\"{name}\";bs", $"\"{name}\";sf", $"\"{name}\";key=\"{draw.Of("a", "b", "c")}\"")),
    ];
}
