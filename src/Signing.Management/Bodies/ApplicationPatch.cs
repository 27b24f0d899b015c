namespace Signing.Management;

/// <summary>What is to change of an application; a member that is absent stays.</summary>
internal sealed record ApplicationPatch(
    [property: NeverNull] string? Name = null,
    string? BundleId = null,
    string? Description = null,
    [property: NeverNull] IReadOnlyList<string>? ConnectedApis = null);
