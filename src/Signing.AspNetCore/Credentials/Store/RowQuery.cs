namespace Signing.AspNetCore;

/// <summary>Which rows of a kind to list, the newest first.</summary>
public sealed record RowQuery
{
    /// <summary>The most rows of a page.</summary>
    public const int MaxLimit = 200;

    /// <summary>The ids of the workspaces whose rows may be seen; <see langword="null"/> for all.</summary>
    public IReadOnlyCollection<string>? WorkspaceIds { get; init; }

    /// <summary>The id of the application whose credentials, or whose events, are wanted; <see langword="null"/> for all.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>The id of the KeyPair whose long-lived tokens are wanted; <see langword="null"/> for all credentials.</summary>
    public string? ParentId { get; init; }

    /// <summary>What kind of credential is wanted; <see cref="CredentialKind.None"/> for all.</summary>
    public CredentialKind Kind { get; init; }

    /// <summary>A text that name, id, Key or bundle id contain, in any case; <see langword="null"/> for all.</summary>
    public string? Text { get; init; }

    /// <summary>The <see cref="RowPage{T}.Next"/> of the page before; <see langword="null"/> for the first page.</summary>
    public string? After { get; init; }

    /// <summary>The most rows wanted, from 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;
}
