using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says of endpoints whether their responses are signed.</summary>
public static class ResponseSignatureEndpointConventionBuilderExtensions
{
    /// <summary>Signs the responses to verified requests with the Secret that proved the request.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// It needs <c>services.AddResponseSignature()</c> and <c>app.UseResponseSignature()</c>; without them the host does not start. A
    /// content is kept in memory until it is complete: do not use this for endpoints that stream.
    /// </remarks>
    public static TBuilder SignResponse<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(static endpoint =>
        {
            endpoint.Metadata.Add(new SignResponseAttribute());
            if (endpoint.RequestDelegate is { } run)
            {
                endpoint.RequestDelegate = context => RunAsync(context, run);
            }
        });
        return builder;
    }

    /// <summary>Leaves the responses unsigned, whatever a group or <see cref="ResponseSignatureOptions.Sign"/> says.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint, or of group.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <returns>The builder.</returns>
    public static TBuilder DisableResponseSignature<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(static endpoint => endpoint.Metadata.Add(new SignResponseAttribute(sign: false)));
        return builder;
    }

    private static Task RunAsync(HttpContext context, RequestDelegate run) =>
        context.RequestServices.GetService<ResponseSigning>() is { IsUsed: true }
            ? run(context)
            : throw ResponseSignatureStart.NothingSigns(context.GetEndpoint());
}
