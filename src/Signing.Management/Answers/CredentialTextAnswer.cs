namespace Signing.Management;

/// <summary>A credential with the text of its Secret, or of the ApiToken: the only answers that have one are to create, rotate and reveal.</summary>
internal sealed record CredentialTextAnswer(CredentialAnswer Credential, string Text)
{
    // The text is in no log.
    public override string ToString() => Credential.Id;
}
