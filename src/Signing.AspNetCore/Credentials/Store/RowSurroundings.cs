namespace Signing.AspNetCore;

// What a credential is refused or allowed by beside its own row. A workspace or an application that is not there refuses.
internal readonly record struct RowSurroundings(
    string? ApplicationName, StoredStatus? ApplicationStatus, IReadOnlyList<string> ConnectedApis, bool WorkspaceEnabled, string? ParentKey);
