using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.AspNetCore;

/// <summary>Keeps the response to a signed request until it is complete, and signs it if the request turns out to be verified.</summary>
internal sealed class ResponseSignatureMiddleware(RequestDelegate next, ResponseSigning signing)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!RequestVerifier.MayHaveSignature(context))
        {
            return next(context);
        }

        IHttpResponseBodyFeature inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        ResponseSignatureBody? body = context.Features.Get<ResponseSignatureBody>();
        if (body is null)
        {
            body = new ResponseSignatureBody(context, inner, signing) { Request = context.Features.Get<SignedRequest>() };
            context.Features.Set(body);

            // The first to register is the last to be called: all others have set their fields by then.
            context.Response.OnStarting(static state => ((ResponseSignatureBody)state).SignAsync(), body);
            return InvokeAsync(context, body, inner);
        }

        if (!body.IsAbandoned)
        {
            return next(context);
        }

        // A handler of errors outside of this sends the request through the pipeline once more.
        body.Restart();
        return InvokeAsync(context, body, inner);
    }

    private async Task InvokeAsync(HttpContext context, ResponseSignatureBody body, IHttpResponseBodyFeature inner)
    {
        context.Features.Set<IHttpResponseBodyFeature>(body);
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
