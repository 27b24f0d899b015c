namespace Signing.AspNetCore;

/// <summary>What became of an application that was to be created with its first credential.</summary>
/// <param name="Status"><see cref="ChangeStatus.Changed"/>, or why not; then neither was created.</param>
/// <param name="Application">The application; <see langword="null"/> if it was refused.</param>
/// <param name="Credential">Its credential; <see langword="null"/> if it was refused.</param>
/// <param name="Text">The Secret, or the text of the ApiToken: hand it over and keep no copy; <see langword="null"/> if it was refused.</param>
public readonly record struct ApplicationResult(ChangeStatus Status, ApplicationRecord? Application, CredentialRecord? Credential, string? Text)
{
    /// <summary>Shows the status and the ids, and nothing else.</summary>
    /// <returns>Such as <c>Changed app_… crd_…</c>.</returns>
    public override string ToString() => $"{Status} {Application?.Id} {Credential?.Id}";
}
