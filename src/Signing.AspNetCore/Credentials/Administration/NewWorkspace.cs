namespace Signing.AspNetCore;

/// <summary>A workspace that is to be created; what is not set is as in <see cref="WorkspaceRecord"/>.</summary>
public sealed record NewWorkspace
{
    /// <summary>What operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>How often a Secret may be shown.</summary>
    public SecretDisclosure Disclosure { get; init; } = SecretDisclosure.Once;

    /// <summary>Whether an application must name a bundle or package id when it is created, and keep one that it has.</summary>
    public bool BundleIdRequired { get; init; }

    /// <summary>How long a new credential lasts unless its maker says otherwise; <see langword="null"/> for no end.</summary>
    public TimeSpan? DefaultLifetime { get; init; }

    /// <summary>The age of a Secret from which it is due for rotation.</summary>
    public TimeSpan RotationAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a Secret is accepted beside the one that replaces it.</summary>
    public TimeSpan RotationOverlap { get; init; } = TimeSpan.FromHours(24);
}
