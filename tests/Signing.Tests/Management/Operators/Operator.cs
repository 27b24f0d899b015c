namespace Signing.Tests.Management.Operators;

/// <summary>Somebody who calls the admin API: a person with roles, or a program with a credential.</summary>
internal sealed class Operator(string name, string[] roles, string[]? workspaces = null, ExpectedCredential? credential = null)
{
    /// <summary>What the audit calls them.</summary>
    public string Name => name;

    public string[] PersonRoles => roles;

    /// <summary>The ids of what they are let see; <see langword="null"/> for all.</summary>
    public string[]? Workspaces => workspaces;

    /// <summary>What a program calls with.</summary>
    public ExpectedCredential? Credential => credential;

    public bool Has(string role) => credential is null ? roles.Contains(role) : credential.Scopes.Contains($"as.{role}");

    public override string ToString() => $"{name}({string.Join(',', credential?.Scopes ?? roles)}{(workspaces is null ? "" : $" in {workspaces.Length}")})";
}
