namespace Signing.AspNetCore;

// Where a credential belongs, and what that means for it.
internal readonly record struct ConfiguredPlace(
    string? ApplicationId, string? ApplicationName, bool IsSuspended, IReadOnlyList<string> Apis, string? WorkspaceId, bool IsDisabled);
