using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>A sharing key; of the other side, names are shown only to those who see it.</summary>
internal sealed record SharingKeyAnswer(
    string Id,
    string GrantorWorkspaceId,
    string? GrantorWorkspaceName,
    string? GranteeWorkspaceId,
    string? GranteeApplicationId,
    string? GranteeName,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset? Expires,
    [property: AllowedValues("active", "expired", "suspended", "revoked")] string State,
    string Hint,
    UseAnswer? LastUsed,
    StampAnswer Created,
    StampAnswer? Revoked,
    long Version);
