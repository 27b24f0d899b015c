namespace Signing.AspNetCore;

/// <summary>What became of a sharing key that was to be created.</summary>
/// <param name="Status"><see cref="ChangeStatus.Changed"/>, or why not.</param>
/// <param name="SharingKey">The row; <see langword="null"/> if it was refused.</param>
/// <param name="Text">The sharing key itself: hand it over and keep no copy; <see langword="null"/> if it was refused.</param>
public readonly record struct SharingKeyResult(ChangeStatus Status, SharingKeyRecord? SharingKey, string? Text)
{
    /// <summary>Shows the status and the id, and nothing else.</summary>
    /// <returns>Such as <c>Changed shk_…</c>.</returns>
    public override string ToString() => $"{Status} {SharingKey?.Id}";
}
