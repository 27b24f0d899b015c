namespace Signing.AspNetCore;

/// <summary>What an operator sees first: how many credentials there are of each state, and which come next.</summary>
public sealed record CredentialOverview
{
    /// <summary>How many credentials are shown as what; a state that none is in may be missing.</summary>
    public required IReadOnlyDictionary<CredentialState, int> Counts { get; init; }

    /// <summary>How many applications there are.</summary>
    public required int Applications { get; init; }

    /// <summary>Those that expire soon, as many as were asked for; the first to end is the first.</summary>
    public required IReadOnlyList<CredentialRecord> Expiring { get; init; }

    /// <summary>Those whose Secret is older than their workspace wants, as many as were asked for; the oldest Secret is the first.</summary>
    public required IReadOnlyList<CredentialRecord> Overdue { get; init; }
}
