namespace Signing.Client;

/// <summary>Holds what was found in a store.</summary>
/// <param name="IsReadable">Whether the store answered with nothing or with something of ours; otherwise it is left alone.</param>
/// <param name="Text">The text, if there is one.</param>
/// <param name="Token">What the text says.</param>
internal readonly record struct StoredText(bool IsReadable, string? Text, AccessToken? Token)
{
    public override string ToString() => nameof(StoredText);
}
