namespace Signing;

/// <summary>Every limit of the protocol core; a message that exceeds one is refused, as <see cref="SignatureStatus.TooLarge"/> unless it says otherwise.</summary>
public static class SignatureLimits
{
    /// <summary>Characters of all <c>Signature-Input</c> lines together.</summary>
    public const int MaxSignatureInputLength = 8192;

    /// <summary>Characters of all <c>Signature</c> lines together.</summary>
    public const int MaxSignatureLength = 8192;

    /// <summary>Lines of <c>Signature-Input</c>, and of <c>Signature</c>.</summary>
    public const int MaxFieldLines = 16;

    /// <summary>Labels, and so signatures, of one message.</summary>
    public const int MaxLabels = 16;

    /// <summary>Covered components of one signature.</summary>
    public const int MaxComponents = 32;

    /// <summary>Parameters of one signature; more on another value of the fields of a signature or a digest make that value malformed.</summary>
    public const int MaxParameters = 16;

    /// <summary>Characters of a key id.</summary>
    public const int MaxKeyIdLength = 256;

    /// <summary>Characters of the tag that a policy selects by.</summary>
    public const int MaxTagLength = 256;

    /// <summary>Signatures of one message whose key is looked up.</summary>
    public const int MaxCandidates = 2;

    /// <summary>Bytes of a signature base; and characters that are parsed for one: each component with <c>sf</c>, <c>key</c> or <c>name</c> counts its whole field or query again.</summary>
    public const int MaxSignatureBaseBytes = 32768;

    /// <summary>Bytes of the shortest Secret that a key accepts.</summary>
    public const int MinSecretBytes = 16;

    /// <summary>Seconds from the signing of a URL to its end: 7 days.</summary>
    public const int MaxPresignedSeconds = 7 * 24 * 60 * 60;

    /// <summary>Characters of all <c>Content-Digest</c> lines together.</summary>
    public const int MaxContentDigestLength = 2048;

    /// <summary>Members of <c>Content-Digest</c>.</summary>
    public const int MaxContentDigestMembers = 8;
}
