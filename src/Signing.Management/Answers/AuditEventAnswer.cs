namespace Signing.Management;

/// <summary>What somebody did, or tried to.</summary>
internal sealed record AuditEventAnswer(
    long Number, DateTimeOffset At, string Actor, string Action, string Target, string? TargetName, string WorkspaceId, string? OtherWorkspaceId, string? Address, string Outcome);
