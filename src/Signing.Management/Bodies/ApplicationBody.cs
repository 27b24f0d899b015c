namespace Signing.Management;

/// <summary>An application that is to be created, with its first KeyPair if one is asked for.</summary>
internal sealed record ApplicationBody(
    string WorkspaceId,
    string Name,
    string? BundleId = null,
    string? Description = null,
    IReadOnlyList<string>? ConnectedApis = null,
    FirstCredentialBody? Credential = null);
