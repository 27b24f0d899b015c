namespace Signing.Management;

/// <summary>An application that was created, and its first credential if one was asked for.</summary>
internal sealed record NewApplicationAnswer(ApplicationAnswer Application, CredentialAnswer? Credential, string? Text)
{
    // The text is in no log.
    public override string ToString() => Application.Id;
}
