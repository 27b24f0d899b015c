namespace Signing.AspNetCore;

/// <summary>What somebody did to a row, or tried to: written once, never changed, and never with a secret in it.</summary>
public sealed record AuditEvent
{
    /// <summary>The number of the event: 1 for the first of the store, one more for each; 0 until it is stored.</summary>
    public long Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who, as the host's sign-in names them.</summary>
    public required string Actor { get; init; }

    /// <summary>What, such as <c>credential.rotated</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The id of the row it was done to.</summary>
    public required string Target { get; init; }

    /// <summary>The id of the workspace whose people may see the event.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The id of the other workspace whose people may see it, where two sides are concerned.</summary>
    public string? OtherWorkspaceId { get; init; }

    /// <summary>The address it came from; <see langword="null"/> if the server does not know it.</summary>
    public string? Address { get; init; }

    /// <summary>The code of the outcome, such as <c>changed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Shows number and action, and nothing else.</summary>
    /// <returns>Such as <c>17 credential.rotated</c>.</returns>
    public override string ToString() => $"{Number} {Action}";
}
