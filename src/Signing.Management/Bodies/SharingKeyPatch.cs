using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>What is to change of a sharing key; a member that is absent stays.</summary>
internal sealed record SharingKeyPatch(
    string? Name = null,
    IReadOnlyList<string>? Scopes = null,
    DateTimeOffset? Expires = null,
    [property: AllowedValues("active", "suspended")] string? Status = null);
