using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires signatures of more than one party, or of one of several.</summary>
public static class SignaturesEndpointConventionBuilderExtensions
{
    /// <summary>Lets in only requests that are signed under each of several schemes, by keys that differ; each signature is used up only if all are accepted.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="schemes">The names of 2 to 4 registered schemes, the caller's first: the user is its user, and only its user.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="schemes"/> are too few or too many, or one is named twice.</exception>
    /// <remarks>
    /// Each scheme needs a <c>Tag</c> of its own in its policy, and all but one an <see cref="ICredentialSource"/> that is registered under
    /// the scheme's name: otherwise the endpoint is not built. What another scheme found is in <see cref="SignatureFeature.Find"/>. The signatures do not vouch
    /// for each other: use <see cref="RequireSignatureChain"/> where the second party signs what the first has signed. Routing must come before authentication,
    /// or a signature is used up before it is known that others are needed. <c>AllowAnonymous</c> overrules this.
    /// </remarks>
    public static TBuilder RequireAllSignatures<TBuilder>(this TBuilder builder, params string[] schemes)
        where TBuilder : IEndpointConventionBuilder => Require(builder, SignaturesMode.All, schemes);

    /// <summary>Lets in only requests that are signed under each of several schemes, by keys that differ, each signature covering those of the schemes before it as <c>"signature";key="…"</c>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="schemes">The names of 2 to 4 registered schemes in the order they sign, the caller's first: the user is its user, and only its user.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="schemes"/> are too few or too many, or one is named twice.</exception>
    /// <remarks>As <see cref="RequireAllSignatures"/>. A signer covers what is there with <see cref="Signing.SigningPolicy.CoverSignatures"/>.</remarks>
    public static TBuilder RequireSignatureChain<TBuilder>(this TBuilder builder, params string[] schemes)
        where TBuilder : IEndpointConventionBuilder => Require(builder, SignaturesMode.Chain, schemes);

    /// <summary>Lets in requests that are signed under one of several schemes; they are tried in order, and those behind the first that accepts are not asked.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="schemes">The names of 2 to 4 registered schemes.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="schemes"/> are too few or too many, or one is named twice.</exception>
    /// <remarks>The user is that of the scheme that accepts. Of the refusals the most telling is answered: a 503 before a 401, and that before a missing signature.</remarks>
    public static TBuilder RequireAnySignature<TBuilder>(this TBuilder builder, params string[] schemes)
        where TBuilder : IEndpointConventionBuilder => Require(builder, SignaturesMode.Any, schemes);

    private static TBuilder Require<TBuilder>(TBuilder builder, SignaturesMode mode, string[] schemes)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var requirement = new SignaturesRequirement(mode, schemes);
        builder.Add(endpoint =>
        {
            endpoint.Metadata.Add(requirement);
            // The first scheme answers for all of them.
            endpoint.Metadata.Add(new EndpointAuthorization(requirement.Schemes[0]));
        });
        builder.Finally(endpoint => SignaturesRules.Check(endpoint, requirement));
        return builder;
    }
}
