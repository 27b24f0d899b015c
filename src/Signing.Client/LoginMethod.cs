namespace Signing.Client;

/// <summary>Names how a client proves to the token endpoints who it is.</summary>
public enum LoginMethod
{
    /// <summary>Signs each call with Key and Secret (RFC 9421): the Secret never travels.</summary>
    Signature = 0,

    /// <summary>Sends <c>client_id</c> and <c>client_secret</c> in JSON.</summary>
    ClientSecretJson,

    /// <summary>Sends the form of RFC 6749 to one token endpoint, with Key and Secret as HTTP Basic.</summary>
    ClientSecretBasic,

    /// <summary>Sends the form of RFC 6749 to one token endpoint, with <c>client_id</c> and <c>client_secret</c> in it.</summary>
    ClientSecretPost,
}
