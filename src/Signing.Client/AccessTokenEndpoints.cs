namespace Signing.Client;

/// <summary>Says where tokens are issued; relative addresses follow the base address of the client.</summary>
public sealed class AccessTokenEndpoints
{
    /// <summary>Where to log in with JSON; <c>/auth/login</c> by default.</summary>
    public Uri Login { get; set; } = new("/auth/login", UriKind.Relative);

    /// <summary>Where to refresh with JSON; <c>/auth/refresh</c> by default.</summary>
    public Uri Refresh { get; set; } = new("/auth/refresh", UriKind.Relative);

    /// <summary>The token endpoint of RFC 6749, for <see cref="LoginMethod.ClientSecretBasic"/> and <see cref="LoginMethod.ClientSecretPost"/>; <c>/auth/token</c> by default.</summary>
    public Uri Token { get; set; } = new("/auth/token", UriKind.Relative);

    /// <summary>Where to revoke (RFC 7009), <c>/auth/revoke</c> by default; <see langword="null"/> if the server cannot.</summary>
    public Uri? Revoke { get; set; } = new("/auth/revoke", UriKind.Relative);
}
