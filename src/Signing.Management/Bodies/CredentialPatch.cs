namespace Signing.Management;

/// <summary>What is to change of a credential; a member that is absent stays.</summary>
internal sealed record CredentialPatch(
    [property: NeverNull] string? Name = null,
    [property: NeverNull] IReadOnlyList<string>? Scopes = null,
    [property: NeverNull] bool? ClientSecretAllowed = null);
