namespace Signing.AspNetCore;

/// <summary>Why a file of credentials cannot be used.</summary>
public enum CredentialStoreFault
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>Another process uses the file.</summary>
    Locked,

    /// <summary>The file is damaged, or is not one.</summary>
    Corrupt,

    /// <summary>The Secrets in it were sealed with another key ring than the host's.</summary>
    WrongKeyRing,

    /// <summary>The key ring is not encrypted, and the host runs outside Development.</summary>
    UnprotectedKeyRing,

    /// <summary>Credentials come from somewhere else too, and only one of the two would be asked.</summary>
    SeveralSources,
}
