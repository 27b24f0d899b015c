using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>What is to change of a sharing key; a member that is absent stays.</summary>
internal sealed record SharingKeyPatch(
    [property: NeverNull] string? Name = null,
    [property: NeverNull] IReadOnlyList<string>? Scopes = null,
    DateTimeOffset? Expires = null,
    [property: NeverNull, AllowedValues("active", "suspended")] string? Status = null);
