namespace Signing;

/// <summary>RFC 9421 §2.3. Names the signature parameters, as a set.</summary>
[Flags]
public enum SignatureParameterNames
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>created</c>: when the signature was made, in seconds since 1970.</summary>
    Created = 1,

    /// <summary><c>expires</c>: when the signature ends, in seconds since 1970.</summary>
    Expires = 2,

    /// <summary><c>nonce</c>: a value that is different in each signature.</summary>
    Nonce = 4,

    /// <summary><c>alg</c>: the algorithm, here always <c>hmac-sha256</c>.</summary>
    Algorithm = 8,

    /// <summary><c>keyid</c>: which key was used.</summary>
    KeyId = 16,

    /// <summary><c>tag</c>: what the signature is for.</summary>
    Tag = 32,
}
