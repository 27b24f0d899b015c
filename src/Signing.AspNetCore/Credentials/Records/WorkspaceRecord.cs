namespace Signing.AspNetCore;

/// <summary>A row of the credential store: a workspace, which owns applications and decides how their credentials are made.</summary>
public sealed record WorkspaceRecord : IStoredRow
{
    /// <summary>The id, <c>ws_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether API access is switched on; off, every credential of the workspace is refused.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How often a Secret that is made from now on may be shown; older ones keep what they were made with.</summary>
    public SecretDisclosure Disclosure { get; init; } = SecretDisclosure.Once;

    /// <summary>Whether an application must name a bundle or package id when it is created, and keep one that it has.</summary>
    public bool BundleIdRequired { get; init; }

    /// <summary>How long a new credential lasts unless its maker says otherwise; <see langword="null"/> for no end.</summary>
    public TimeSpan? DefaultLifetime { get; init; }

    /// <summary>The age of a Secret from which it is due for rotation: 90 days unless set.</summary>
    public TimeSpan RotationAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a Secret is accepted beside the one that replaces it: 24 hours unless set.</summary>
    public TimeSpan RotationOverlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>When it was created, and by whom.</summary>
    public required Stamp Created { get; init; }

    /// <summary>The version of the row, 1 when it is created and one more with each change; a store refuses a change to any other than its own.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Shows the id and nothing else.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Id;
}
