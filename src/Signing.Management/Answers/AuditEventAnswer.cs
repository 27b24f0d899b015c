namespace Signing.Management;

/// <summary>What somebody did, or tried to; the number, which counts the events of all workspaces, is told to those who see all of them.</summary>
internal sealed record AuditEventAnswer(
    long? Number, DateTimeOffset At, string Actor, string Action, string Target, string? TargetName, string WorkspaceId, string? OtherWorkspaceId, string? Address, string Outcome);
