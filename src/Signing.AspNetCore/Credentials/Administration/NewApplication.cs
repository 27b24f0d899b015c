namespace Signing.AspNetCore;

/// <summary>An application that is to be created.</summary>
public sealed record NewApplication
{
    /// <summary>The id of its workspace.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>What operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>The bundle or package id of its program; <see langword="null"/> for none.</summary>
    public string? BundleId { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The APIs that its credentials may call.</summary>
    public IReadOnlyList<string> ConnectedApis { get; init; } = [];
}
