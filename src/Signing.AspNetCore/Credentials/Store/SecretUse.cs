namespace Signing.AspNetCore;

/// <summary>A use of a credential or a sharing key by a verified request.</summary>
/// <param name="Id">The id of the credential or sharing key.</param>
/// <param name="SecretVersion">The version of the Secret that was used; 0 if none was, as with an access token or a sharing key.</param>
/// <param name="Use">When and from where.</param>
public readonly record struct SecretUse(string Id, int SecretVersion, LastUse Use);
