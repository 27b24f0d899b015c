namespace Signing.Management;

/// <summary>Names the host's authorization policies that decide who may do what; a role whose policy is not set is nobody's.</summary>
/// <remarks>
/// <see cref="Viewer"/> is the door: whoever is no viewer gets nothing, so let it hold for everybody who works here. The other roles do not
/// contain one another. Each policy is evaluated with the row, or with what is to become one, as its resource, so that a handler of
/// the host's may decide by environment or workspace; for lists and pages the resource is the <see cref="Microsoft.AspNetCore.Http.HttpContext"/>.
/// </remarks>
public sealed class ManagementPolicies
{
    /// <summary>Who gets in, and sees pages and lists.</summary>
    public string? Viewer { get; set; }

    /// <summary>Who creates, changes, rotates, suspends, revokes and deletes applications, credentials and sharing keys.</summary>
    public string? Manager { get; set; }

    /// <summary>Who is shown a stored Secret again.</summary>
    public string? Revealer { get; set; }

    /// <summary>Who creates, changes and deletes workspaces, and gives out the scope <c>signing.manage</c>.</summary>
    public string? Administrator { get; set; }

    /// <summary>Who sees applications at all, beside being a viewer; <see langword="null"/> does not narrow.</summary>
    public string? Integrations { get; set; }

    /// <summary>Who makes ApiTokens, beside being a manager; <see langword="null"/> does not narrow.</summary>
    public string? ApiTokens { get; set; }

    /// <summary>Every policy that is set.</summary>
    internal IEnumerable<string> Named => new[] { Viewer, Manager, Revealer, Administrator, Integrations, ApiTokens }.OfType<string>();
}
