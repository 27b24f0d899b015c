namespace Signing.AspNetCore;

/// <summary>What became of a change that makes or shows a Secret or the text of an ApiToken.</summary>
/// <param name="Status"><see cref="ChangeStatus.Changed"/>, or why not.</param>
/// <param name="Credential">The row as it is now; <see langword="null"/> if it was refused.</param>
/// <param name="Text">The Secret, or the text of the ApiToken: hand it over and keep no copy; <see langword="null"/> if it was refused.</param>
public readonly record struct SecretResult(ChangeStatus Status, CredentialRecord? Credential, string? Text)
{
    /// <summary>Shows the status and the id, and nothing else.</summary>
    /// <returns>Such as <c>Changed crd_…</c>.</returns>
    public override string ToString() => $"{Status} {Credential?.Id}";
}
