namespace Signing.AspNetCore;

// An application of one reading.
internal readonly record struct ConfiguredApplication(string? Name, string? Workspace, bool IsSuspended, IReadOnlyList<string> Apis);
