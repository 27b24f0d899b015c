using Microsoft.AspNetCore.Authorization;
using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Ties endpoints to the API that a caller's application must be connected to.</summary>
public static class ConnectedApiEndpointConventionBuilderExtensions
{
    /// <summary>Lets in only credentials whose application is connected to an API; any other is answered 403 <c>api_not_connected</c>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="name">The name of the API as applications list it, 1 to 128 characters that a scope may have; compared ordinally.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not such a name.</exception>
    /// <remarks>
    /// An endpoint without this is open to every credential. Of several on one endpoint, by its groups or by itself, all are
    /// needed. It requires authorization as <c>RequireAuthorization()</c> does, by the default policy unless the endpoint names
    /// another, and <c>AllowAnonymous</c> overrules both. Only users of our own schemes are connected to anything: to let in
    /// others, register an <c>AuthorizationHandler&lt;ConnectedApiRequirement&gt;</c> that accepts them.
    /// </remarks>
    public static TBuilder RequireConnectedApi<TBuilder>(this TBuilder builder, string name)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var requirement = new ConnectedApiRequirement(name);
        builder.Add(endpoint => endpoint.Metadata.Add(requirement));

        // Without authorization data ASP.NET would run the endpoint even where nothing enforces the requirement. Where the host
        // names a policy, the default one must not come in beside it: it might accept schemes that the host's does not.
        builder.Finally(static endpoint =>
        {
            if (!endpoint.Metadata.OfType<IAuthorizeData>().Any())
            {
                endpoint.Metadata.Add(new EndpointAuthorization(scheme: null));
            }
        });
        return builder;
    }
}
