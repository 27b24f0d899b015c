using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>An application.</summary>
internal sealed record ApplicationAnswer(
    string Id,
    string WorkspaceId,
    string? WorkspaceName,
    string Name,
    string? BundleId,
    string? Description,
    IReadOnlyList<string> ConnectedApis,
    [property: AllowedValues("active", "suspended")] string Status,
    StampAnswer Created,
    long Version,
    int CredentialCount,
    UseAnswer? LastUsed);
