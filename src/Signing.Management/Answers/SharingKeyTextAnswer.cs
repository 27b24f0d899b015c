namespace Signing.Management;

/// <summary>A sharing key that was created, with its text.</summary>
internal sealed record SharingKeyTextAnswer(SharingKeyAnswer SharingKey, string Text)
{
    // The text is in no log.
    public override string ToString() => SharingKey.Id;
}
