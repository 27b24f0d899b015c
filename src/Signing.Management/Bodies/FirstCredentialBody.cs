namespace Signing.Management;

/// <summary>The first KeyPair of an application.</summary>
internal sealed record FirstCredentialBody(
    string Name,
    string? Environment = null,
    IReadOnlyList<string>? Scopes = null,
    DateTimeOffset? Expires = null,
    bool NeverExpires = false);
