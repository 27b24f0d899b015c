namespace Signing.AspNetCore;

/// <summary>The routes of the token endpoints, below the prefix they are mapped under; <see langword="null"/> leaves one out.</summary>
public sealed class TokenRoutes
{
    /// <summary>Where a client logs in with JSON; <c>/login</c> unless set.</summary>
    public string? Login { get; set; } = "/login";

    /// <summary>Where a client refreshes with JSON; <c>/refresh</c> unless set.</summary>
    public string? Refresh { get; set; } = "/refresh";

    /// <summary>The token endpoint of RFC 6749, which takes forms; <c>/token</c> unless set.</summary>
    public string? Token { get; set; } = "/token";

    /// <summary>The revocation endpoint of RFC 7009; <c>/revoke</c> unless set.</summary>
    public string? Revoke { get; set; } = "/revoke";

    /// <summary>The introspection endpoint of RFC 7662; <c>/introspect</c> unless set.</summary>
    public string? Introspect { get; set; } = "/introspect";
}
