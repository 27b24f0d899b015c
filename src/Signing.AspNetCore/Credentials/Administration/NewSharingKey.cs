namespace Signing.AspNetCore;

/// <summary>A sharing key that is to be created; without a grantee it belongs to whoever uses it first.</summary>
public sealed record NewSharingKey
{
    /// <summary>The id of the workspace that grants it.</summary>
    public required string GrantorWorkspaceId { get; init; }

    /// <summary>The id of the workspace whose clients may use it.</summary>
    public string? GranteeWorkspaceId { get; init; }

    /// <summary>The id of the application whose clients alone may use it; of the workspace named beside it, if one is named.</summary>
    public string? GranteeApplicationId { get; init; }

    /// <summary>What operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>What its user may do, without duplicates.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The first instant at which it is no longer accepted; <see langword="null"/> for no end.</summary>
    public DateTimeOffset? Expires { get; init; }
}
