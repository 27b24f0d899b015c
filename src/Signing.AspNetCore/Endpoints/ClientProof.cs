namespace Signing.AspNetCore;

/// <summary>Whether a client has proved who it is: a credential, an error, or neither where nothing was tried.</summary>
/// <param name="Client">The credential; <see langword="null"/> unless it is proved.</param>
/// <param name="Error">Why not.</param>
/// <param name="Signature">The verdict about the signature, if it was by signing.</param>
internal readonly record struct ClientProof(Credential? Client, OAuthError? Error = null, SignatureFeature? Signature = null);
