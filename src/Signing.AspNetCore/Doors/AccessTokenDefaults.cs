namespace Signing.AspNetCore;

/// <summary>The name that the scheme of access tokens goes by unless told otherwise.</summary>
public static class AccessTokenDefaults
{
    /// <summary>The authentication scheme: <c>AccessToken</c>; <c>WWW-Authenticate</c> says <c>Bearer</c>, whatever name it is registered under.</summary>
    public const string AuthenticationScheme = "AccessToken";
}
