using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers schemes that accept ApiTokens.</summary>
public static class ApiTokenExtensions
{
    /// <summary>Adds the scheme <c>ApiToken</c> with the defaults; ApiTokens come from <c>Signing:ApiTokens</c> in the configuration.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddApiToken(this AuthenticationBuilder builder) =>
        builder.AddApiToken(ApiTokenDefaults.AuthenticationScheme, static _ => { });

    /// <summary>Adds a scheme with the defaults.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="scheme">The name of the scheme, and of its options.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddApiToken(this AuthenticationBuilder builder, string scheme) => builder.AddApiToken(scheme, static _ => { });

    /// <summary>Adds the scheme <c>ApiToken</c>.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddApiToken(this AuthenticationBuilder builder, Action<ApiTokenOptions> configure) =>
        builder.AddApiToken(ApiTokenDefaults.AuthenticationScheme, configure);

    /// <summary>Adds a scheme; adding one twice only adds to its configuration.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="scheme">The name of the scheme, and of its options.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// An <see cref="IApiTokenSource"/> registered as a service replaces the configuration; it may be keyed by the scheme's
    /// name. The parents of long-lived tokens come from the <see cref="ICredentialSource"/>.
    /// </remarks>
    public static AuthenticationBuilder AddApiToken(this AuthenticationBuilder builder, string scheme, Action<ApiTokenOptions> configure) =>
        SchemeRegistration.Add<TokenScheme, ApiTokenOptions, ApiTokenHandler>(builder, scheme, configure, () => TokenScheme.Of<ApiTokenOptions>(
            scheme,
            (services, options) => new ApiTokenDoor(
                scheme,
                options,
                services.GetKeyedService<IApiTokenSource>(scheme) ?? services.GetRequiredService<IApiTokenSource>(),
                services.GetKeyedService<ICredentialSource>(scheme) ?? services.GetRequiredService<ICredentialSource>(),
                services.GetRequiredService<ILoggerFactory>().CreateLogger(SignatureDefaults.TelemetryName))));
}
