namespace Signing.Management;

/// <summary>Names the host's authorization policies that decide who may do what; a role whose policy is not set is nobody's.</summary>
/// <remarks>
/// Each policy is evaluated with the row as its resource where there is one, so that a handler of the host's may decide by
/// environment or workspace. Roles do not contain one another: give a policy to each that people are to have.
/// </remarks>
public sealed class ManagementPolicies
{
    /// <summary>Who sees pages and lists.</summary>
    public string? Viewer { get; set; }

    /// <summary>Who creates, changes, rotates, suspends, revokes and deletes applications, credentials and sharing keys.</summary>
    public string? Manager { get; set; }

    /// <summary>Who is shown a stored Secret again.</summary>
    public string? Revealer { get; set; }

    /// <summary>Who creates, changes and deletes workspaces.</summary>
    public string? Administrator { get; set; }

    /// <summary>Who sees applications at all, beside being a viewer; <see langword="null"/> does not narrow.</summary>
    public string? Integrations { get; set; }

    /// <summary>Who makes ApiTokens, beside being a manager; <see langword="null"/> does not narrow.</summary>
    public string? ApiTokens { get; set; }
}
