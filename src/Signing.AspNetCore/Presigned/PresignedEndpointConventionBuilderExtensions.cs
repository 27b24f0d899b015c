using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Switches presigned URLs on, which are off everywhere else.</summary>
public static class PresignedEndpointConventionBuilderExtensions
{
    // One for all endpoints: it says nothing but that it is there.
    private static readonly AllowPresignedAttribute Allowed = new();

    /// <summary>Lets presigned URLs in where a signature is asked for.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Whoever has the URL calls the endpoint as the holder of the key, by GET and HEAD or over a WebSocket, as often as they like, until it expires:
    /// nothing is claimed against replay. It requires nothing by itself: the endpoint asks for authorization as before, and its
    /// query parameter <c>signature</c> is ours from now on. Authentication that runs before routing knows no endpoint, and refuses URLs.
    /// </remarks>
    public static TBuilder AllowPresigned<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(static endpoint => endpoint.Metadata.Add(Allowed));
        return builder;
    }
}
