using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.AspNetCore;

/// <summary>Keeps the response to a signed request until it is complete, and signs it if the request turns out to be verified.</summary>
internal sealed class ResponseSignatureMiddleware(RequestDelegate next, ResponseSigning signing)
{
    public Task InvokeAsync(HttpContext context) =>
        RequestVerifier.MayHaveSignature(context) && context.Features.Get<ResponseSignatureBody>() is null ? InvokeSignedAsync(context) : next(context);

    private async Task InvokeSignedAsync(HttpContext context)
    {
        IHttpResponseBodyFeature inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new ResponseSignatureBody(context, inner, signing);
        context.Features.Set(body);
        context.Features.Set<IHttpResponseBodyFeature>(body);

        // The first to register is the last to be called: all others have set their fields by then.
        context.Response.OnStarting(static state => ((ResponseSignatureBody)state).SignAsync(), body);
        bool completed = false;
        try
        {
            await next(context).ConfigureAwait(false);
            await body.FinishAsync().ConfigureAwait(false);
            completed = true;
        }
        finally
        {
            if (!completed)
            {
                body.Abandon();
            }

            // A response without content has not started yet. Whoever gives it one now must not give it to a signed response.
            if (!completed || context.Response.HasStarted)
            {
                context.Features.Set(inner);
            }
        }
    }
}
