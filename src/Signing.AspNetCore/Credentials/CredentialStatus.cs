namespace Signing.AspNetCore;

/// <summary>The one list of outcomes about a credential, beside the <see cref="SignatureStatus"/> of the message.</summary>
/// <remarks>Zero is <see cref="None"/>, which never accepts. The code, HTTP status, sentence and remedy of each value stand in <see cref="CredentialOutcome"/>.</remarks>
public enum CredentialStatus
{
    /// <summary>The credential was not evaluated.</summary>
    None = 0,

    /// <summary>The credential may be used now.</summary>
    Valid,

    /// <summary>No credential has this key id.</summary>
    UnknownKey,

    /// <summary>The credential was revoked.</summary>
    Revoked,

    /// <summary>The workspace of the credential is disabled.</summary>
    WorkspaceDisabled,

    /// <summary>The application of the credential is suspended.</summary>
    ApplicationSuspended,

    /// <summary>The credential is suspended.</summary>
    Suspended,

    /// <summary>The credential, or the Secret that was used, has ended.</summary>
    Expired,

    /// <summary>The credential is not valid yet.</summary>
    NotYetValid,

    /// <summary>The credential belongs to an environment other than the one this API serves.</summary>
    EnvironmentMismatch,

    /// <summary>The source of credentials cannot answer.</summary>
    CredentialStoreUnavailable,

    /// <summary>The request carries two credentials that do not belong together, so nobody can say whose it is.</summary>
    AmbiguousCredentials,

    /// <summary>The credential may be used, but its application is not connected to the API that was called.</summary>
    ApiNotConnected,
}
