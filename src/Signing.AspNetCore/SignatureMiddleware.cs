using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>The second door: requires a signature of every request, without the machinery of schemes and tickets.</summary>
internal sealed class SignatureMiddleware(
    RequestDelegate next, string scheme, RequestVerifiers verifiers, ClaimsTransformations transformations, ILogger<SignatureMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        RequestVerifier verifier = verifiers.Get(scheme);
        ValueTask<SignatureFeature> verdict = verifier.VerifyAsync(context);

        // The common case goes on without a state machine of its own.
        return verdict.IsCompletedSuccessfully
            ? ContinueAsync(context, verifier, verdict.GetAwaiter().GetResult())
            : AwaitAsync(context, verifier, verdict);
    }

    private async Task AwaitAsync(HttpContext context, RequestVerifier verifier, ValueTask<SignatureFeature> verdict) =>
        await ContinueAsync(context, verifier, await verdict.ConfigureAwait(false)).ConfigureAwait(false);

    private Task ContinueAsync(HttpContext context, RequestVerifier verifier, SignatureFeature feature)
    {
        if (feature.IsVerified)
        {
            return transformations.Any ? TransformAsync(context, feature) : SignIn(context, feature, feature.Principal!);
        }

        // As everywhere in ASP.NET, an endpoint open to anybody does not mind a proof that failed: its caller is nobody.
        return context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? next(context)
            : SignatureChallenge.WriteAsync(context, verifier, feature, logger);
    }

    private async Task TransformAsync(HttpContext context, SignatureFeature feature) =>
        await SignIn(context, feature, await transformations.TransformAsync(context, feature.Principal!).ConfigureAwait(false)).ConfigureAwait(false);

    private Task SignIn(HttpContext context, SignatureFeature feature, ClaimsPrincipal user)
    {
        feature.SignIn(context, user);
        return next(context);
    }
}
