using System.Globalization;
using System.Text.RegularExpressions;
using Signing.Tests.Fuzz;

namespace Signing.Tests.Management.Tenants;

/// <summary>A request of a customer's own administrator, drawn by chance: any route, with ids of the customer's, of others, of nobody, and none at all in any place.</summary>
/// <param name="Caller">Which of the callers sends it.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the API; behind a <c>!</c> from the root.</param>
/// <param name="Body">What is sent.</param>
/// <param name="IfMatch">The version that it is meant for.</param>
internal sealed partial record TenantRequest(int Caller, string Method, string Path, string? Body, string? IfMatch)
{
    private static readonly string[] Lists = ["credentials", "applications", "sharing-keys", "audit", "audit", "health", "workspaces", "summary"];

    private static readonly string[] Creations = ["/applications", "/credentials", "/sharing-keys"];

    public static string NameOf(Draw draw) => draw.Of("Alpha", "alpha", "Foreign pair", "Foreign shop", "Foreign token", "shared", "ünïcødé", $"name {draw.Below(6)}");

    public static string? BundleOf(Draw draw) => draw.Of("com.example.a", "com.example.b", "com.example.c", null);

    public static TenantRequest Drawn(Draw draw, TenantWorld world)
    {
        bool isOwn = draw.OneIn(2);
        int caller = !draw.OneIn(3) ? 0 : draw.Below(world.Callers.Count);
        string? match = draw.OneIn(6) ? draw.Of("\"1\"", "\"2\"", "\"3\"", "*", "W/\"1\"", "\"1\", \"2\"", "nonsense") : null;
        if (draw.OneIn(4))
        {
            return new TenantRequest(caller, "GET", ListOf(draw, world, isOwn), null, null);
        }

        if (draw.OneIn(25))
        {
            return new TenantRequest(caller, "GET", draw.Of("!/signing", $"!/signing/applications/{Id(draw, world, "app", isOwn, inBody: false)}", "!/signing/nothing"), null, null);
        }

        ManagementCall call = draw.OneIn(3)
            ? draw.Of([.. ManagementCall.All.Where(call => (call.Method == "POST" && Creations.Contains(call.Pattern)) || call.Pattern.EndsWith(":revoke", StringComparison.Ordinal))])
            : draw.Of([.. ManagementCall.All.Where(call => call.Method != "DELETE" || draw.OneIn(3))]);
        string path = Place().Replace(call.Path, match => Id(draw, world, KindOf(match.Groups["kind"].Value), isOwn, inBody: false));
        string? body = call.Body is null ? null : Place().Replace(Vary(draw, call.Body, world), match => Id(draw, world, KindOf(match.Groups["kind"].Value), isOwn, inBody: true));
        string method = draw.OneIn(30) ? draw.Of("PUT", "GET", "POST", "DELETE", "OPTIONS") : call.Method;
        return new TenantRequest(caller, method, path, draw.OneIn(40) ? draw.Mutate(body ?? "{}") : body, match);
    }

    public override string ToString() => $"{Caller}: {Method} {Path} {Body} {IfMatch}";

    private static string ListOf(Draw draw, TenantWorld world, bool isOwn)
    {
        string list = draw.Of(Lists);
        List<string> filters = [];
        Add(4, () => $"workspace={Id(draw, world, "ws", isOwn, inBody: false)}");
        Add(8, () => $"application={Id(draw, world, "app", isOwn, inBody: false)}");
        Add(12, () => $"parent={Id(draw, world, "crd", isOwn, inBody: false)}");
        Add(12, () => draw.Of("kind=keyPair", "kind=apiToken", "kind=x"));
        Add(8, () => draw.Of("state=active", "state=revoked", "state=expiringSoon", "state=suspended", "state=x"));
        Add(10, () => draw.Of("health=neverExpires", "health=overdue", "health=idle", "health=x"));
        Add(3, () => draw.Of("limit=1", "limit=2", "limit=5", "limit=200", "limit=0"));
        Add(4, () => $"q={draw.Of("Foreign", "foreign", "crd_", "beatrice", "seeder", "created", Id(draw, world, "crd", isOwn, inBody: false), Uri.EscapeDataString(NameOf(draw)))}");
        Add(list == "audit" ? 2 : 4, () => "after=" + draw.Of(
            string.Create(CultureInfo.InvariantCulture, $"{draw.Below(60)}."),
            string.Create(CultureInfo.InvariantCulture, $"{draw.Below(60)}."),
            "{c::" + draw.Below(1000) + "}",
            "{c::" + draw.Below(1000) + "}",
            string.Create(CultureInfo.InvariantCulture, $"{world.Now.AddSeconds(-draw.Below(60)).UtcTicks}.{Id(draw, world, draw.Of("ws", "app", "crd", "shk"), isOwn, inBody: false)}"),
            "x"));
        return $"/{list}?{string.Join('&', filters)}";

        void Add(int oneIn, Func<string> filter)
        {
            if (draw.OneIn(oneIn))
            {
                filters.Add(filter());
            }
        }
    }

    private static string Vary(Draw draw, string body, TenantWorld world)
    {
        body = Name().Replace(body, _ => $"\"name\":\"{NameOf(draw)}\"");
        body = body.Replace("\"afterSeconds\":60", $"\"afterSeconds\":{draw.Of(0, 1, 2, 60)}", StringComparison.Ordinal);
        body = body.Replace("\"expires\":null", draw.OneIn(2) ? "\"expires\":null" : $"\"expires\":\"{world.Now.AddDays(draw.Below(30) + 1):O}\"", StringComparison.Ordinal);
        if (body.Contains("workspaceId\"", StringComparison.Ordinal) && BundleOf(draw) is { } bundle)
        {
            body = body.Replace("{\"workspaceId\"", $"{{\"bundleId\":\"{bundle}\",\"workspaceId\"", StringComparison.Ordinal);
        }

        // Most tokens are nobody's children.
        return draw.OneIn(5) ? body : body.Replace(",\"parentId\":\"{key}\"", "", StringComparison.Ordinal);
    }

    // Half of the requests are about one's own rows only; the ids of the others are of any kind.
    private static string Id(Draw draw, TenantWorld world, string kind, bool isOwn, bool inBody) => (isOwn ? 0 : draw.Below(20)) switch
    {
        < 8 => $"{{o:{kind}:{draw.Below(world.OwnCount(kind))}}}",
        < 18 => $"{{f:{kind}:{draw.Below(1000)}}}",
        18 when draw.OneIn(2) => $"{kind}_{new string('0', 22)}",
        18 => $"{{{draw.Of("o", "f")}:{draw.Of("ws", "app", "crd", "shk")}:0}}",
        _ => inBody ? draw.Of("", "x", $"{kind}_", $"{{f:{kind}:0}}x") : draw.Of("x", "%00", $"{kind}_", "%F0%9F", $"{{f:{kind}:0}}x", $"{{f:{kind}:1}}%20", new string('y', 300)),
    };

    private static string KindOf(string place) => place is "key" or "token" ? "crd" : place;

    [GeneratedRegex("\\{(?<kind>ws|app|key|token|shk)\\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();

    [GeneratedRegex("\"name\":\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
