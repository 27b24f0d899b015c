namespace Signing.AspNetCore;

/// <summary>The one list of outcomes about a token, beside the <see cref="CredentialStatus"/> of the client whose grant it stands for.</summary>
/// <remarks>Zero is <see cref="None"/>, which never accepts. The code, HTTP status, sentence and remedy of each value stand in <see cref="TokenOutcome"/>.</remarks>
public enum TokenStatus
{
    /// <summary>The token was not evaluated.</summary>
    None = 0,

    /// <summary>The token is accepted, or was issued.</summary>
    Valid,

    /// <summary>The value is not a token of the kind that belongs here.</summary>
    MalformedToken,

    /// <summary>The MAC of the token is not ours, or of a master key that is no longer accepted.</summary>
    TamperedToken,

    /// <summary>No grant has the id that the token names.</summary>
    UnknownGrant,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>The grant was revoked, or its credential was.</summary>
    Revoked,

    /// <summary>A refresh token was used again after its time, so its grant is revoked: one of its holders may be a thief.</summary>
    RefreshReused,

    /// <summary>The token was issued to another client than the one that presents it.</summary>
    AnotherClient,

    /// <summary>The client's credential is refused; its <see cref="CredentialStatus"/> says why.</summary>
    CredentialRefused,

    /// <summary>The sharing key of the grant was revoked, has ended, or does not connect these two sides any more.</summary>
    SharingKeyRefused,

    /// <summary>The store of grants cannot answer, or has no room.</summary>
    GrantStoreUnavailable,

    /// <summary>The client holds its whole share of the store of grants; other clients are not affected.</summary>
    GrantQuotaExceeded,

    /// <summary>The request carries no token that the scheme reads.</summary>
    MissingToken,

    /// <summary>The token, or the credential that made the signature, is accepted, and does not permit what was asked for.</summary>
    ScopeMissing,

    /// <summary>An address, or a client that has proved who it is, sends more requests than the token endpoints take.</summary>
    RateLimited,
}
