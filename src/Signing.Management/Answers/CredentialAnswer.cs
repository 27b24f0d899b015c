using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>A credential, and of its surroundings what decides about it.</summary>
internal sealed record CredentialAnswer(
    string Id,
    string ApplicationId,
    string? ApplicationName,
    bool ApplicationSuspended,
    string WorkspaceId,
    string? WorkspaceName,
    bool WorkspaceEnabled,
    [property: AllowedValues("keyPair", "apiToken")] string Kind,
    string? Key,
    string Name,
    string? ParentId,
    string? ParentName,
    string Environment,
    IReadOnlyList<string> Scopes,
    bool ClientSecretAllowed,
    DateTimeOffset? NotBefore,
    DateTimeOffset? Expires,
    [property: AllowedValues("scheduled", "active", "rotating", "expiringSoon", "expired", "suspended", "revoked")] string State,
    [property: AllowedValues("active", "suspended", "revoked")] string Status,
    DateTimeOffset? RevokesAt,
    IReadOnlyList<SecretAnswer> Secrets,
    UseAnswer? LastUsed,
    StampAnswer Created,
    StampAnswer? Revoked,
    string? RevokedFor,
    [property: Description("Any of neverExpires, idle, overdue and retiringSecretInUse.")] IReadOnlyList<string> Health,
    bool DueForRotation,
    bool CanReveal,
    int TokenCount,
    long Version);
