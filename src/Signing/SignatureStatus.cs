namespace Signing;

/// <summary>The one list of outcomes of the protocol: every step of reading, verifying and signing ends in one of these.</summary>
/// <remarks>
/// Zero is <see cref="NotVerified"/>, so a forgotten assignment never accepts. The code, HTTP status, sentence and remedy of
/// each value stand in <see cref="Outcome"/>.
/// </remarks>
public enum SignatureStatus
{
    /// <summary>No verification took place.</summary>
    NotVerified = 0,

    /// <summary>The signature is the holder's, and covers what the policy asks for.</summary>
    Verified = 1,

    /// <summary>The message has no signature, or none with the tag the policy selects.</summary>
    MissingSignature,

    /// <summary><c>Signature-Input</c> is not the structured field RFC 9421 §4.1 describes.</summary>
    MalformedSignatureInput,

    /// <summary><c>Signature</c> is not the structured field RFC 9421 §4.2 describes, or its labels differ from <c>Signature-Input</c>.</summary>
    MalformedSignature,

    /// <summary>A field, a list or the signature base is over one of the limits in <see cref="SignatureLimits"/>.</summary>
    TooLarge,

    /// <summary>A covered component has a name or parameter that is unknown, does not apply, or contradicts another.</summary>
    UnsupportedComponent,

    /// <summary>A covered component is absent from the message, or has no valid value there.</summary>
    MissingComponent,

    /// <summary>The signature does not cover what the policy requires.</summary>
    InsufficientCoverage,

    /// <summary>The <c>alg</c> parameter names an algorithm other than <c>hmac-sha256</c>.</summary>
    UnsupportedAlgorithm,

    /// <summary>A signature parameter that the policy requires is absent.</summary>
    MissingParameter,

    /// <summary><c>created</c> lies further in the future than the permitted skew.</summary>
    CreatedInFuture,

    /// <summary><c>created</c> is older than the permitted age.</summary>
    TooOld,

    /// <summary><c>expires</c> has passed.</summary>
    ExpiredSignature,

    /// <summary><c>expires</c> lies further after <c>created</c> than the policy permits.</summary>
    LifetimeTooLong,

    /// <summary>The key is unknown or its MAC does not match: deliberately one answer.</summary>
    InvalidCredential,

    /// <summary>The message has content but no covered <c>Content-Digest</c>.</summary>
    MissingDigest,

    /// <summary><c>Content-Digest</c> is malformed, or has no member of a supported algorithm.</summary>
    UnsupportedDigest,

    /// <summary>The content is not the content that was signed.</summary>
    DigestMismatch,

    /// <summary>The content is larger than the server reads to check a digest.</summary>
    BodyTooLarge,

    /// <summary>This very signature was accepted before.</summary>
    Replayed,

    /// <summary>The replay store cannot tell whether the signature was used before.</summary>
    ReplayStoreUnavailable,

    /// <summary>The signature was created before the time from which the replay store remembers.</summary>
    ReplayBeforeFloor,

    /// <summary>The key holds its whole share of the replay store.</summary>
    ReplayQuotaExceeded,
}
