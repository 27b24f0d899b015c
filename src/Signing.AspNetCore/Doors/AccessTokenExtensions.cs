using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers schemes that accept access tokens.</summary>
public static class AccessTokenExtensions
{
    /// <summary>Adds the scheme <c>AccessToken</c> with the defaults, for tokens of the issuer that <c>AddSigningTokens</c> configures.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddAccessToken(this AuthenticationBuilder builder) =>
        builder.AddAccessToken(AccessTokenDefaults.AuthenticationScheme, static _ => { });

    /// <summary>Adds a scheme with the defaults.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="scheme">The name of the scheme, and of its options.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddAccessToken(this AuthenticationBuilder builder, string scheme) => builder.AddAccessToken(scheme, static _ => { });

    /// <summary>Adds the scheme <c>AccessToken</c>.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddAccessToken(this AuthenticationBuilder builder, Action<AccessTokenOptions> configure) =>
        builder.AddAccessToken(AccessTokenDefaults.AuthenticationScheme, configure);

    /// <summary>Adds a scheme; adding one twice only adds to its configuration.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="scheme">The name of the scheme, and of its options.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <c>AddSigningTokens</c> names the issuer, and <c>MapTokenEndpoints</c> maps where tokens are issued. A signature of the
    /// same client that covers the token may come with it; the user is then the token's.
    /// </remarks>
    public static AuthenticationBuilder AddAccessToken(this AuthenticationBuilder builder, string scheme, Action<AccessTokenOptions> configure) =>
        SchemeRegistration.Add<TokenScheme, AccessTokenOptions, AccessTokenHandler>(builder, scheme, configure, () => TokenScheme.Of<AccessTokenOptions>(
            scheme,
            (services, options) => new AccessTokenDoor(
                scheme,
                options,
                services.GetRequiredService<IOptions<TokenOptions>>().Value.Prefix,
                services.GetService<TokenVerifier>()
                    ?? throw new InvalidOperationException("AddAccessToken needs an issuer. Call services.AddSigningTokens(options => options.Issuer = …) too."))));
}
