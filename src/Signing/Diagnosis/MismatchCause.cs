namespace Signing;

/// <summary>Names what makes a signature base, a digest or a MAC differ between the signer and the verifier.</summary>
public enum MismatchCause
{
    /// <summary>Something that is not told apart.</summary>
    Unknown = 0,

    /// <summary>The authority is another one: usually a proxy rewrote <c>Host</c>.</summary>
    AuthorityRewritten,

    /// <summary>The port of the authority is gone: usually a proxy hands on the host name alone.</summary>
    PortDropped,

    /// <summary>The authority has another port, or one where it had none.</summary>
    PortChanged,

    /// <summary>The scheme is another one: usually a proxy ends TLS.</summary>
    SchemeRewritten,

    /// <summary>The beginning of the path is gone.</summary>
    PathPrefixStripped,

    /// <summary>Something stands before the path.</summary>
    PathPrefixAdded,

    /// <summary>The path is percent-decoded.</summary>
    PathDecoded,

    /// <summary>The path means the same and is percent-encoded in another way.</summary>
    PathReencoded,

    /// <summary>The segments <c>.</c> and <c>..</c> of the path are resolved.</summary>
    DotSegmentsRemoved,

    /// <summary>Double slashes of the path became one.</summary>
    SlashesMerged,

    /// <summary>The path is another one.</summary>
    PathRewritten,

    /// <summary>The parameters of the query stand in another order.</summary>
    QueryReordered,

    /// <summary>The query means the same and is percent-encoded in another way.</summary>
    QueryReencoded,

    /// <summary>The query, or a parameter of it, is gone.</summary>
    QueryDropped,

    /// <summary>The query, or a parameter of it, was added.</summary>
    QueryAdded,

    /// <summary>A value of the query is another one.</summary>
    QueryChanged,

    /// <summary>The method is another one.</summary>
    MethodChanged,

    /// <summary>The status of the response is another one.</summary>
    StatusChanged,

    /// <summary>A header field has another value.</summary>
    FieldChanged,

    /// <summary>A covered component is there on the signer's side alone.</summary>
    ComponentMissing,

    /// <summary>A covered component is there on the verifier's side alone.</summary>
    ComponentAdded,

    /// <summary>The lines of a header field are joined in another way, stand in another order, or some are gone.</summary>
    FieldLinesJoined,

    /// <summary>A header field has the same members with other spacing: usually a handler behind the signer wrote it anew.</summary>
    FieldRewrittenByClient,

    /// <summary>The content is not the content that was signed, and nothing tells how.</summary>
    ContentChanged,

    /// <summary>The content means the same and is written in another way.</summary>
    ContentReserialized,

    /// <summary>The content is compressed on one side and not on the other.</summary>
    ContentCompressed,

    /// <summary>The digest is of an algorithm that the other side did not use, or that is not supported, or its bytes are not written as base64 between colons.</summary>
    DigestOfAnotherAlgorithm,

    /// <summary>The covered components or the signature parameters differ.</summary>
    ParametersChanged,

    /// <summary>The two texts belong to two different signatures.</summary>
    OtherSignature,

    /// <summary>A value is written otherwise than RFC 9421 §2 tells a signer to.</summary>
    NotNormalized,

    /// <summary>The signature's times do not fit the clock of the verifier.</summary>
    ClockOff,

    /// <summary>The bases are equal, so that the Secret differs.</summary>
    WrongSecret,

    /// <summary>One side uses the Secret without its checksum.</summary>
    SecretWithoutChecksum,

    /// <summary>One side uses the Secret together with a line end or other white space around it, and the other without.</summary>
    SecretLineEnd,

    /// <summary>One side uses the Secret in another form: decoded, in quotes, or the Key in its place.</summary>
    SecretInAnotherForm,

    /// <summary>The value of the signature is no HMAC-SHA256, or is one that is computed or written in another way.</summary>
    MacOfAnotherAlgorithm,
}
