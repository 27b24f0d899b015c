namespace Signing.Management;

/// <summary>A sharing key that is to be created; without a grantee it belongs to whoever uses it first.</summary>
internal sealed record SharingKeyBody(
    string GrantorWorkspaceId,
    string Name,
    string? GranteeWorkspaceId = null,
    string? GranteeApplicationId = null,
    IReadOnlyList<string>? Scopes = null,
    DateTimeOffset? Expires = null);
