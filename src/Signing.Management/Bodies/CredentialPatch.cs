namespace Signing.Management;

/// <summary>What is to change of a credential; a member that is absent stays.</summary>
internal sealed record CredentialPatch(string? Name = null, IReadOnlyList<string>? Scopes = null, bool? ClientSecretAllowed = null);
