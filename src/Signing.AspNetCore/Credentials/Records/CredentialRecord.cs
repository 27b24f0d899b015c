namespace Signing.AspNetCore;

/// <summary>A row of the credential store: a KeyPair or an ApiToken, with everything that operators decide about it.</summary>
/// <remarks>
/// A row never changes; each change is another object with the next <see cref="Version"/>, made by <see cref="CredentialRules"/>.
/// What a request meets is computed from it: see <see cref="CredentialStates.Of(CredentialRecord, DateTimeOffset)"/>.
/// </remarks>
public sealed record CredentialRecord : IStoredRow
{
    /// <summary>The id, <c>crd_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its application.</summary>
    public required string ApplicationId { get; init; }

    /// <summary>The id of its workspace, which is its application's.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>What it consists of.</summary>
    public required CredentialKind Kind { get; init; }

    /// <summary>The public Key of a KeyPair; <see langword="null"/> for an ApiToken.</summary>
    public string? Key { get; init; }

    /// <summary>What operators call it, unique in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the KeyPair that a long-lived token was made from, and is refused with; <see langword="null"/> for every other credential.</summary>
    public string? ParentId { get; init; }

    /// <summary>The environment it is made for, such as <c>live</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>What its holder may do, without duplicates.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether a KeyPair may log in by sending its Secret.</summary>
    public bool ClientSecretAllowed { get; init; } = true;

    /// <summary>The first instant at which it is accepted.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The first instant at which it is no longer accepted.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What an operator has decided about it.</summary>
    public StoredStatus Status { get; init; } = StoredStatus.Active;

    /// <summary>The instant from which it counts as revoked, decided in advance; <see langword="null"/> if nobody did.</summary>
    public DateTimeOffset? RevokesAt { get; init; }

    /// <summary>Its Secrets in the order they were made; ended ones are destroyed but stay, as far as <see cref="CredentialRules.MaxSecrets"/> permits.</summary>
    public required IReadOnlyList<SecretRecord> Secrets { get; init; }

    /// <summary>When it was last used.</summary>
    public LastUse? LastUsed { get; init; }

    /// <summary>When it was created, and by whom.</summary>
    public required Stamp Created { get; init; }

    /// <summary>When it was revoked, or this was decided, and by whom.</summary>
    public Stamp? Revoked { get; init; }

    /// <summary>Why it was revoked, in the words of who did.</summary>
    public string? RevokedFor { get; init; }

    /// <summary>The version of the row, 1 when it is created and one more with each change; a store refuses a change to any other than its own.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The Secret that callers are to use; <see langword="null"/> once the credential is revoked.</summary>
    public SecretRecord? Current => Secrets.LastOrDefault(secret => secret is { IsDestroyed: false, RetiresAt: null });

    /// <summary>The Secret that was replaced and is still accepted, or was until it was last looked at; <see langword="null"/> if there is none.</summary>
    public SecretRecord? Retiring => Secrets.LastOrDefault(secret => secret is { IsDestroyed: false, RetiresAt: not null });

    /// <summary>Shows the id and nothing else.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Id;
}
