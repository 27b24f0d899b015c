namespace Signing.Management;

/// <summary>Names the operations of the OpenAPI document, as generators name their methods: <c>listCredentials</c>, <c>rotateCredential</c>.</summary>
internal static class OperationNames
{
    private static readonly Dictionary<string, (string One, string Many)> Rows = new(StringComparer.Ordinal)
    {
        ["workspaces"] = ("Workspace", "Workspaces"),
        ["applications"] = ("Application", "Applications"),
        ["credentials"] = ("Credential", "Credentials"),
        ["sharing-keys"] = ("SharingKey", "SharingKeys"),
    };

    /// <summary>Gives the name of a route.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, whatever the management is mapped under.</param>
    /// <returns>The name, unique among those of the management.</returns>
    public static string Of(string method, string path)
    {
        string[] segments = path.Split('/');
        bool isRow = segments[^1].StartsWith("{id}", StringComparison.Ordinal);
        string last = segments[isRow ? ^2 : ^1];
        if (!Rows.TryGetValue(last, out (string One, string Many) names))
        {
            // What there is one of: me, summary, audit.
            string noun = Path.GetFileNameWithoutExtension(last);
            return $"get{char.ToUpperInvariant(noun[0])}{noun[1..]}";
        }

        int verb = segments[^1].IndexOf(':', StringComparison.Ordinal);
        return verb >= 0 ? segments[^1][(verb + 1)..] + names.One : (method, isRow) switch
        {
            ("GET", false) => $"list{names.Many}",
            ("GET", true) => $"get{names.One}",
            ("POST", _) => $"create{names.One}",
            ("PATCH", _) => $"update{names.One}",
            _ => $"delete{names.One}",
        };
    }
}
