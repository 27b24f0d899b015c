namespace Signing.AspNetCore;

/// <summary>What became of a change to a credential.</summary>
/// <param name="Status"><see cref="ChangeStatus.Changed"/>, <see cref="ChangeStatus.Unchanged"/>, or why not.</param>
/// <param name="Credential">The row to store; the one that was given unless the status is <see cref="ChangeStatus.Changed"/>.</param>
public readonly record struct CredentialChange(ChangeStatus Status, CredentialRecord Credential);
