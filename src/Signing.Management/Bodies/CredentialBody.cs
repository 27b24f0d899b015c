using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>A credential that is to be created; without an end it has the one of its workspace, unless it never expires.</summary>
internal sealed record CredentialBody(
    string ApplicationId,
    [property: AllowedValues("keyPair", "apiToken")] string Kind,
    string Name,
    string? ParentId = null,
    string? Environment = null,
    IReadOnlyList<string>? Scopes = null,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? Expires = null,
    bool NeverExpires = false,
    bool ClientSecretAllowed = true);
