namespace Signing.AspNetCore;

/// <summary>A row of the credential store: a sharing key, with which another workspace's client acts in the workspace that grants it.</summary>
public sealed record SharingKeyRecord : IStoredRow
{
    /// <summary>The id, <c>shk_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the workspace that grants it.</summary>
    public required string GrantorWorkspaceId { get; init; }

    /// <summary>The id of the workspace whose clients may use it, and whose people see it; <see langword="null"/> if it is for whoever uses it first, or the row names an application alone.</summary>
    public string? GranteeWorkspaceId { get; init; }

    /// <summary>The id of the application of that workspace whose clients alone may use it; <see langword="null"/> if it is granted to the workspace, or to whoever uses it first.</summary>
    public string? GranteeApplicationId { get; init; }

    /// <summary>What operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>What its user may do, without duplicates; never more than the client itself may.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The first instant at which it is no longer accepted.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What an operator has decided about it.</summary>
    public StoredStatus Status { get; init; } = StoredStatus.Active;

    /// <summary>Its text, as a hash.</summary>
    public required SecretRecord Secret { get; init; }

    /// <summary>When it was last used.</summary>
    public LastUse? LastUsed { get; init; }

    /// <summary>When it was created, and by whom.</summary>
    public required Stamp Created { get; init; }

    /// <summary>When it was revoked, and by whom.</summary>
    public Stamp? Revoked { get; init; }

    /// <summary>The version of the row, 1 when it is created and one more with each change; a store refuses a change to any other than its own.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Shows the id and nothing else.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Id;
}
