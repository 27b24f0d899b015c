namespace Signing.AspNetCore;

/// <summary>One version of a sharing key: lets another workspace's client act in the workspace that granted it.</summary>
/// <remarks>A version never changes; a change at the source is another object. Ask the source each time and keep none.</remarks>
public sealed class SharingKey
{
    /// <summary>Creates a version.</summary>
    /// <param name="id">What it is known by, in grants, logs and pages; never what the client sends.</param>
    /// <param name="grantorWorkspaceId">The id of the workspace that granted it, and that its tokens are for.</param>
    /// <exception cref="ArgumentException">A text is empty.</exception>
    public SharingKey(string id, string grantorWorkspaceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(grantorWorkspaceId);
        Id = id;
        GrantorWorkspaceId = grantorWorkspaceId;
    }

    /// <summary>What it is known by.</summary>
    public string Id { get; }

    /// <summary>The id of the workspace that granted it.</summary>
    public string GrantorWorkspaceId { get; }

    /// <summary>Whether the workspace that granted it is disabled, and with it this key.</summary>
    public bool GrantorDisabled { get; init; }

    /// <summary>The id of the one workspace whose clients may use it; <see langword="null"/> if any may.</summary>
    public string? GranteeWorkspaceId { get; init; }

    /// <summary>The id of the one application whose clients may use it; <see langword="null"/> if any of the workspace may.</summary>
    /// <remarks>Without a workspace and without an application, it belongs to the application (else the workspace, else the client) that uses it first.</remarks>
    public string? GranteeApplicationId { get; init; }

    /// <summary>What operators call it.</summary>
    public string? Name { get; init; }

    /// <summary>What its user may do, without duplicates; never more than the client itself may.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The first instant at which it is no longer accepted.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What an operator has decided about it; active unless set.</summary>
    public StoredStatus Status { get; init; } = StoredStatus.Active;

    /// <summary>Says whether the key may be used now, whoever its user is.</summary>
    /// <param name="now">The time of the request.</param>
    /// <returns><see cref="CredentialStatus.Valid"/> if it may; else the first reason why not.</returns>
    public CredentialStatus Evaluate(DateTimeOffset now)
    {
        // Anything but the two other decisions counts as revoked.
        if (Status is not (StoredStatus.Active or StoredStatus.Suspended))
        {
            return CredentialStatus.Revoked;
        }

        if (GrantorDisabled)
        {
            return CredentialStatus.WorkspaceDisabled;
        }

        if (Status == StoredStatus.Suspended)
        {
            return CredentialStatus.Suspended;
        }

        return now >= Expires ? CredentialStatus.Expired : CredentialStatus.Valid;
    }

    /// <summary>Shows the id and nothing else.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Id;
}
