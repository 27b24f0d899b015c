namespace Signing.AspNetCore;

/// <summary>A use of a credential by a verified request.</summary>
/// <param name="CredentialId">The id of the credential.</param>
/// <param name="SecretVersion">The version of the Secret that was used; 0 if none was, as with an access token.</param>
/// <param name="Use">When and from where.</param>
public readonly record struct SecretUse(string CredentialId, int SecretVersion, LastUse Use);
