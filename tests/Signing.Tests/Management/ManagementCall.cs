namespace Signing.Tests.Management;

/// <summary>One route of the admin API, an example of its use, and who may use it. A table.</summary>
/// <param name="Method">The method.</param>
/// <param name="Pattern">The route below the prefix of the API.</param>
/// <param name="Path">An example, whose <c>{ws} {app} {key} {token} {shk}</c> stand for ids.</param>
/// <param name="Role">The role that it takes beside being a viewer.</param>
/// <param name="Body">What is sent.</param>
internal sealed record ManagementCall(string Method, string Pattern, string Path, string Role, string? Body = null)
{
    public static readonly ManagementCall[] All =
    [
        new("GET", "/me", "/me", "viewer"),
        new("GET", "/summary", "/summary?workspace={ws}", "viewer"),
        new("GET", "/audit", "/audit?workspace={ws}", "viewer"),
        new("GET", "/catalogue", "/catalogue", "viewer"),
        new("GET", "/openapi.json", "/openapi.json", "viewer"),
        new("GET", "/health", "/health?workspace={ws}", "viewer"),
        new("GET", "/workspaces", "/workspaces?workspace={ws}", "viewer"),
        new("POST", "/workspaces", "/workspaces", "administrator", """{"name":"new"}"""),
        new("GET", "/workspaces/{id}", "/workspaces/{ws}", "viewer"),
        new("PATCH", "/workspaces/{id}", "/workspaces/{ws}", "administrator", """{"defaultLifetimeDays":30,"rotationOverlapHours":1.5}"""),
        new("DELETE", "/workspaces/{id}", "/workspaces/{ws}", "administrator"),
        new("GET", "/applications", "/applications?workspace={ws}", "viewer"),
        new("POST", "/applications", "/applications", "manager", """{"workspaceId":"{ws}","name":"app","credential":{"name":"first","environment":"test"}}"""),
        new("GET", "/applications/{id}", "/applications/{app}", "viewer"),
        new("PATCH", "/applications/{id}", "/applications/{app}", "manager", """{"name":"other","connectedApis":["orders"]}"""),
        new("POST", "/applications/{id}:suspend", "/applications/{app}:suspend", "manager"),
        new("POST", "/applications/{id}:resume", "/applications/{app}:resume", "manager"),
        new("GET", "/credentials", "/credentials?application={app}&parent={key}", "viewer"),
        new("POST", "/credentials", "/credentials", "manager", """{"applicationId":"{app}","kind":"apiToken","name":"made","parentId":"{key}"}"""),
        new("GET", "/credentials/{id}", "/credentials/{key}", "viewer"),
        new("PATCH", "/credentials/{id}", "/credentials/{token}", "manager", """{"name":"renamed"}"""),
        new("POST", "/credentials/{id}:rotate", "/credentials/{key}:rotate", "manager", """{"overlapSeconds":60}"""),
        new("POST", "/credentials/{id}:retire", "/credentials/{key}:retire", "manager"),
        new("POST", "/credentials/{id}:renew", "/credentials/{key}:renew", "manager", """{"expires":null}"""),
        new("POST", "/credentials/{id}:suspend", "/credentials/{key}:suspend", "manager"),
        new("POST", "/credentials/{id}:resume", "/credentials/{key}:resume", "manager"),
        new("POST", "/credentials/{id}:reveal", "/credentials/{key}:reveal", "revealer", "{}"),
        new("POST", "/credentials/{id}:revoke", "/credentials/{key}:revoke", "manager", """{"reason":"leaked","afterSeconds":60}"""),
        new("POST", "/credentials/{id}:keep", "/credentials/{key}:keep", "manager"),
        new("DELETE", "/credentials/{id}", "/credentials/{token}", "manager"),
        new("GET", "/sharing-keys", "/sharing-keys?workspace={ws}", "viewer"),
        new("POST", "/sharing-keys", "/sharing-keys", "manager", """{"grantorWorkspaceId":"{ws}","name":"shared","granteeApplicationId":"{app}"}"""),
        new("GET", "/sharing-keys/{id}", "/sharing-keys/{shk}", "viewer"),
        new("PATCH", "/sharing-keys/{id}", "/sharing-keys/{shk}", "manager", """{"name":"shared with all"}"""),
        new("POST", "/sharing-keys/{id}:revoke", "/sharing-keys/{shk}:revoke", "manager"),
        new("DELETE", "/sharing-keys/{id}", "/sharing-keys/{shk}", "manager"),
        new("DELETE", "/applications/{id}", "/applications/{app}", "manager"),
    ];

    /// <summary>The only answers that have the text of a Secret, a token or a sharing key.</summary>
    public bool ShowsText => Pattern.EndsWith(":rotate", StringComparison.Ordinal) || Pattern.EndsWith(":reveal", StringComparison.Ordinal)
        || (Method == "POST" && Pattern is "/applications" or "/credentials" or "/sharing-keys");

    public bool HasIds => Path.Contains('{', StringComparison.Ordinal) || Body?.Contains("{app}", StringComparison.Ordinal) == true || Body?.Contains("{ws}", StringComparison.Ordinal) == true;

    public override string ToString() => $"{Method} {Pattern}";
}
