namespace Signing.AspNetCore;

/// <summary>A row of the credential store: an application, the program of a customer that calls the API.</summary>
public sealed record ApplicationRecord : IStoredRow
{
    /// <summary>The id, <c>app_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its workspace.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>What operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>The bundle or package id of its program, unique in the workspace; <see langword="null"/> for none.</summary>
    public string? BundleId { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The APIs that its credentials may call; an endpoint that asks for another refuses them.</summary>
    public IReadOnlyList<string> ConnectedApis { get; init; } = [];

    /// <summary>What an operator has decided about it; suspended, every one of its credentials is refused.</summary>
    public StoredStatus Status { get; init; } = StoredStatus.Active;

    /// <summary>When it was created, and by whom.</summary>
    public required Stamp Created { get; init; }

    /// <summary>The version of the row, 1 when it is created and one more with each change; a store refuses a change to any other than its own.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Shows the id and nothing else.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Id;
}
