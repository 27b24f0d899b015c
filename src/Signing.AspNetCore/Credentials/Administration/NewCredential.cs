namespace Signing.AspNetCore;

/// <summary>A credential that is to be created.</summary>
public sealed record NewCredential
{
    /// <summary>The id of its application; <see langword="null"/> for the parent's, or for the application that is created with it.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>What it is to consist of.</summary>
    public required CredentialKind Kind { get; init; }

    /// <summary>What operators call it, unique in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the KeyPair that makes this ApiToken a long-lived token; <see langword="null"/> for every other credential.</summary>
    public string? ParentId { get; init; }

    /// <summary>The environment it is made for; <see langword="null"/> for the parent's, or else <c>live</c>.</summary>
    public string? Environment { get; init; }

    /// <summary>What its holder may do, without duplicates; of a long-lived token no more than its parent's may.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether a KeyPair may log in by sending its Secret.</summary>
    public bool ClientSecretAllowed { get; init; } = true;

    /// <summary>The first instant at which it is accepted.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The first instant at which it is no longer accepted; <see langword="null"/> for the workspace's default.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether it has no end even if the workspace has a default.</summary>
    public bool NeverExpires { get; init; }
}
