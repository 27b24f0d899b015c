using System.ComponentModel;

namespace Signing.Management;

/// <summary>Who asks, and what they may do.</summary>
internal sealed record MeAnswer(
    string Name,
    [property: Description("Any of view, manage, reveal, administer, integrations and apiTokens.")] IReadOnlyList<string> Can,
    [property: Description("The ids of the workspaces that can be seen; null for all.")] IReadOnlyCollection<string>? Workspaces,
    AntiforgeryAnswer Antiforgery,
    IReadOnlyList<string> Environments,
    [property: Description("Whether this is open without policies, as only Development permits.")] bool Development,
    DateTimeOffset Now);
