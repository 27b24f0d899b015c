namespace Signing.AspNetCore;

/// <summary>The one list of outcomes of a change to a credential, an application, a workspace or a sharing key.</summary>
/// <remarks>Zero is <see cref="None"/>, which changes nothing. The code, HTTP status, sentence and remedy of each value stand in <see cref="ChangeOutcome"/>.</remarks>
public enum ChangeStatus
{
    /// <summary>Nothing was decided.</summary>
    None = 0,

    /// <summary>The row is another one now.</summary>
    Changed,

    /// <summary>The row was so already.</summary>
    Unchanged,

    /// <summary>There is no such row, or none that this person may see.</summary>
    NotFound,

    /// <summary>Other rows refer to it.</summary>
    NotEmpty,

    /// <summary>Somebody else has changed the row since it was read.</summary>
    VersionMismatch,

    /// <summary>The name is empty, too long, or has characters that nobody can see.</summary>
    NameInvalid,

    /// <summary>Another credential of the workspace has this name.</summary>
    NameTaken,

    /// <summary>The workspace asks for a bundle id, and there is none.</summary>
    BundleIdMissing,

    /// <summary>The bundle id is too long, or has characters that nobody can see.</summary>
    BundleIdInvalid,

    /// <summary>Another application of the workspace has this bundle id.</summary>
    BundleIdTaken,

    /// <summary>The text is too long.</summary>
    TextTooLong,

    /// <summary>A scope or API has a character that has no place in a list, is there twice, or there are too many.</summary>
    ListInvalid,

    /// <summary>The environment is not small letters and digits.</summary>
    EnvironmentInvalid,

    /// <summary>The end lies in the past, or before the beginning.</summary>
    EndInvalid,

    /// <summary>A duration is negative, or longer than anybody waits.</summary>
    DurationInvalid,

    /// <summary>The credential was revoked, which is for good.</summary>
    AlreadyRevoked,

    /// <summary>Two Secrets are accepted already.</summary>
    AlreadyRotating,

    /// <summary>No former Secret is accepted any more.</summary>
    NotRotating,

    /// <summary>An ApiToken has one text for its whole life.</summary>
    NotAKeyPair,

    /// <summary>The Secret may be shown only once, and was.</summary>
    NotRetrievable,

    /// <summary>Only a KeyPair can have long-lived tokens, and only ApiTokens of its own application.</summary>
    ParentInvalid,

    /// <summary>A long-lived token was to have a scope that its KeyPair has not.</summary>
    ScopeNotGranted,
}
