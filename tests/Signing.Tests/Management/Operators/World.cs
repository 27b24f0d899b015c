namespace Signing.Tests.Management.Operators;

/// <summary>Everything that must be stored, and who may see and do what, as the README of the management has it.</summary>
internal sealed class World(Func<DateTimeOffset> clock, bool narrows)
{
    public const string Manage = "signing.manage";

    public List<ExpectedWorkspace> Workspaces { get; } = [];

    public List<ExpectedApplication> Applications { get; } = [];

    public List<ExpectedCredential> Credentials { get; } = [];

    public List<ExpectedSharingKey> SharingKeys { get; } = [];

    /// <summary>Every text that was ever handed over.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>Whether the two policies that only narrow are set.</summary>
    public bool Narrows => narrows;

    public DateTimeOffset Now => clock();

    public IEnumerable<ExpectedRow> Rows => [.. Workspaces, .. Applications, .. Credentials, .. SharingKeys];

    public ExpectedWorkspace WorkspaceOf(ExpectedRow row) => Workspaces.Single(workspace => workspace.Id == row.Owner);

    public string[]? ScopeOf(Operator caller) => caller.Workspaces is null ? null : [.. Workspaces.Where(workspace => workspace.Enabled && caller.Workspaces.Contains(workspace.Id)).Select(workspace => workspace.Id)];

    public bool Sees(Operator caller, string? workspace) => workspace is not null && (ScopeOf(caller) is not { } scope || scope.Contains(workspace));

    public bool Sees(Operator caller, ExpectedRow row) => Sees(caller, row.Owner) || (row is ExpectedSharingKey shared && Sees(caller, shared.Grantee));

    /// <summary>Says whether a policy permits something, of an environment if it has one.</summary>
    public bool May(Operator caller, string role, string? environment = null) => role switch
    {
        "integrations" or "apiTokens" when !narrows => true,
        "manager" when caller.Has("tester") && environment != "live" => true,
        _ => caller.Has(role),
    };

    public bool MayGive(Operator caller, IEnumerable<string> scopes) =>
        !scopes.Contains(Manage) || (ScopeOf(caller) is null && May(caller, "administrator"));

    /// <summary>Says whether one may bring a credential to life.</summary>
    public bool MayRevive(Operator caller, ExpectedCredential row) => May(caller, "manager", row.Environment) && MayGive(caller, row.Scopes);

    /// <summary>Says at the door who is let in.</summary>
    public void Judge(Call call)
    {
        Operator caller = call.Caller;
        if (caller.Credential is { } credential)
        {
            bool isLive = Credentials.Contains(credential) && credential.Current is { } current && credential.Accepts(current, WorkspaceOf(credential), Now);
            call.Only = !isLive ? "not_signed_in" : !credential.Manages ? "scope_missing" : null;
        }
        else if (caller.Name.Length == 0)
        {
            call.Only = "not_signed_in";
        }

        call.Only ??= !caller.Has("viewer") ? "forbidden" : ScopeOf(caller) is { Length: 0 } ? "not_found" : null;
    }

    /// <summary>Begins a call about one row.</summary>
    public Call About(Operator caller, string method, ExpectedRow? row, string path, string role, bool isGift = false)
    {
        var call = new Call(caller, method, path);
        Judge(call);
        call.IsMissing = row is null || !Sees(caller, row);
        if (row is null)
        {
            return call;
        }

        call.IsForbidden = !Sees(caller, row.Owner)
            || !May(caller, role, (row as ExpectedCredential)?.Environment)
            || (row is ExpectedApplication && !May(caller, "integrations"))
            || (isGift && !MayGive(caller, ((ExpectedCredential)row).Scopes));
        return call;
    }

    public bool IsNameTaken(string workspace, string name, ExpectedCredential? except) => Credentials.Any(other =>
        other != except && other.Owner == workspace && !other.IsRevoked(Now) && other.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public void Remove(ExpectedRow row)
    {
        _ = row switch
        {
            ExpectedWorkspace workspace => Workspaces.Remove(workspace),
            ExpectedApplication application => Applications.Remove(application),
            ExpectedCredential credential => Credentials.Remove(credential),
            _ => SharingKeys.Remove((ExpectedSharingKey)row),
        };
    }
}
