using Microsoft.AspNetCore.Authentication;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers schemes that verify RFC 9421 message signatures.</summary>
public static class SignatureExtensions
{
    /// <summary>Adds the scheme <c>Signature</c> with the defaults; credentials come from <c>Signing:Credentials</c> in the configuration.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddMessageSignature(this AuthenticationBuilder builder) =>
        builder.AddMessageSignature(SignatureDefaults.AuthenticationScheme, static _ => { });

    /// <summary>Adds a scheme with the defaults.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="scheme">The name of the scheme, and of its options.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddMessageSignature(this AuthenticationBuilder builder, string scheme) =>
        builder.AddMessageSignature(scheme, static _ => { });

    /// <summary>Adds the scheme <c>Signature</c>.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The builder.</returns>
    public static AuthenticationBuilder AddMessageSignature(this AuthenticationBuilder builder, Action<SignatureOptions> configure) =>
        builder.AddMessageSignature(SignatureDefaults.AuthenticationScheme, configure);

    /// <summary>Adds a scheme; adding one twice only adds to its configuration.</summary>
    /// <param name="builder">The host's authentication.</param>
    /// <param name="scheme">The name of the scheme, and of its options.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// An <see cref="ICredentialSource"/> registered as a service replaces the configuration, an <see cref="IReplayStore"/>
    /// replaces the memory of the process; either may be keyed by the scheme's name.
    /// </remarks>
    public static AuthenticationBuilder AddMessageSignature(this AuthenticationBuilder builder, string scheme, Action<SignatureOptions> configure) =>
        SchemeRegistration.Add<SignatureScheme, SignatureOptions, SignatureHandler>(builder, scheme, configure, () => new SignatureScheme(scheme));
}
