namespace Signing.AspNetCore;

/// <summary>The name that the scheme of ApiTokens goes by unless told otherwise.</summary>
public static class ApiTokenDefaults
{
    /// <summary>The authentication scheme: <c>ApiToken</c>; <c>WWW-Authenticate</c> says <c>Bearer</c>, whatever name it is registered under.</summary>
    public const string AuthenticationScheme = "ApiToken";
}
