using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>The second door: requires a signature of every request, without the machinery of schemes and tickets.</summary>
internal sealed class SignatureMiddleware(
    RequestDelegate next, string scheme, RequestVerifiers verifiers, ClaimsTransformations transformations, ConnectedApiRule apis, IServiceProvider services,
    ILogger<SignatureMiddleware> logger)
{
    // What the authorization middleware leaves, and routing looks for before it runs an endpoint that asks for authorization.
    internal const string AuthorizedItem = "__AuthorizationMiddlewareWithEndpointInvoked";

    private static readonly object Authorized = new();

    private readonly bool _standsForAuthorization = services.GetService<IAuthorizationHandlerProvider>() is null;

    public Task InvokeAsync(HttpContext context)
    {
        if (verifiers.RequiredOf(context) is { } required)
        {
            return SeveralAsync(context, required);
        }

        RequestVerifier verifier = verifiers.Get(scheme);
        ValueTask<SignatureFeature> verdict = verifier.VerifyRoutedAsync(context);

        // The common case goes on without a state machine of its own.
        return verdict.IsCompletedSuccessfully
            ? ContinueAsync(context, verifier, verdict.GetAwaiter().GetResult())
            : AwaitAsync(context, verifier, verdict);
    }

    private async Task AwaitAsync(HttpContext context, RequestVerifier verifier, ValueTask<SignatureFeature> verdict) =>
        await ContinueAsync(context, verifier, await verdict.ConfigureAwait(false)).ConfigureAwait(false);

    private async Task SeveralAsync(HttpContext context, SignaturesRequirement required)
    {
        SignatureParties parties = await SeveralSignatures.VerifyAsync(context, verifiers, required).ConfigureAwait(false);
        await ContinueAsync(context, parties.Verifier, parties.Answer).ConfigureAwait(false);
    }

    private Task ContinueAsync(HttpContext context, RequestVerifier verifier, SignatureFeature feature)
    {
        if (feature.IsVerified)
        {
            return transformations.Any ? TransformAsync(context, verifier, feature) : AdmitAsync(context, verifier, feature, feature.Principal!);
        }

        // As everywhere in ASP.NET, an endpoint open to anybody does not mind a proof that failed: its caller is nobody.
        // The diagnostics tell of proofs that fail, to callers that somebody else has looked at; where nobody but this door does, a proof is asked of them too.
        return context.GetEndpoint()?.Metadata is { } metadata
            && (metadata.GetMetadata<IAllowAnonymous>() is not null || (metadata.GetMetadata<SignatureDiagnosticsRoute>() is not null && !IsAlone(metadata)))
            ? NextAsync(context)
            : SignatureChallenge.WriteAsync(context, verifier, feature, challenged: null, logger);
    }

    private async Task TransformAsync(HttpContext context, RequestVerifier verifier, SignatureFeature feature)
    {
        ClaimsPrincipal user = await transformations.TransformAsync(context, feature.Principal!).ConfigureAwait(false);
        await AdmitAsync(context, verifier, feature, user).ConfigureAwait(false);
    }

    private Task AdmitAsync(HttpContext context, RequestVerifier verifier, SignatureFeature feature, ClaimsPrincipal user)
    {
        feature.SignIn(context, user);
        return apis.MissingOf(context.GetEndpoint(), user) is { Count: > 0 } missing
            ? ForbidAsync(context, verifier, feature.Credential!.Key, Forbidden.OfApis(missing))
            : NextAsync(context);
    }

    private Task NextAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is { } metadata && IsAlone(metadata))
        {
            context.Items[AuthorizedItem] = Authorized;
        }

        return next(context);
    }

    // Where the host has no authorization, nothing is asked of the endpoint but what this door has looked at.
    private bool IsAlone(EndpointMetadataCollection metadata) => _standsForAuthorization
        && metadata.GetOrderedMetadata<IAuthorizeData>() is { Count: > 0 } asked && asked.All(static data => data is EndpointAuthorization);

    private Task ForbidAsync(HttpContext context, RequestVerifier verifier, string key, Forbidden forbidden)
    {
        Log.Refused(logger, scheme, forbidden.Outcome.Code, key);
        SignatureChallenge.WriteForbidden(context, verifier, forbidden);
        return ProblemBody.WriteAsync(context, ProblemBody.Of(forbidden.Outcome));
    }
}
