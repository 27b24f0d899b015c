using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the signing of responses into the pipeline.</summary>
public static class ResponseSignatureApplicationBuilderExtensions
{
    /// <summary>Signs the responses of what follows in the pipeline, as they are sent.</summary>
    /// <param name="app">The pipeline.</param>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException"><c>AddResponseSignature</c> was not called.</exception>
    /// <remarks>
    /// Call it before whatever changes the content, such as <c>UseResponseCompression</c> and <c>UseOutputCache</c>: the digest is
    /// that of the bytes sent. What stands before this, and what the server answers by itself, is not signed.
    /// </remarks>
    public static IApplicationBuilder UseResponseSignature(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        ResponseSigning signing = app.ApplicationServices.GetService<ResponseSigning>()
            ?? throw new InvalidOperationException("Nothing is registered that signs responses. Call services.AddResponseSignature() before the application is built.");
        signing.IsUsed = true;
        return app.Use(next => new ResponseSignatureMiddleware(next, signing).InvokeAsync);
    }
}
