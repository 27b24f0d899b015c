using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Tells a caller what the server saw of its request, if it may know.</summary>
/// <remarks>
/// <code>
/// 1  who      the host's policy, which the authorization middleware has asked; in Development without one, a peer on this machine
/// 2  verdict  that of the request, reached once and shared with whoever asked before
/// 3  answer   never stored on its way
/// </code>
/// </remarks>
internal sealed class SignatureDiagnostics(RequestVerifiers verifiers, TokenDoors doors, string scheme, bool isDevelopment, ILogger logger)
{
    private static readonly Outcome Closed = new(
        "forbidden", StatusCodes.Status403Forbidden, Disclosure.Anybody,
        "The diagnostics of signatures are not open to this caller.",
        "Have the operator give them a policy: MapSigningDiagnostics(…).RequireAuthorization(…). Without one they are open in Development only, to this machine.");

    public async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";

        // 1
        if (!IsOpenTo(context))
        {
            Log.DiagnosticsRefused(logger, scheme);
            response.StatusCode = Closed.HttpStatus;
            await ProblemBody.WriteAsync(context, ProblemBody.Of(Closed)).ConfigureAwait(false);
            return;
        }

        // 2
        RequestVerifier verifier = verifiers.Get(scheme);
        SignatureFeature feature = await verifier.VerifyAsync(context).ConfigureAwait(false);
        if (feature is { Credential: not null, IsVerified: false })
        {
            RequestBodyDigest.LetGo(context);
        }

        // 3
        var shown = new ShownSignatureBase(verifier.Options.Policy, doors, isDevelopment);
        await SignatureDiagnosis.WriteAsync(context, verifier, feature, shown).ConfigureAwait(false);
    }

    private bool IsOpenTo(HttpContext context)
    {
        EndpointMetadataCollection? metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<IAllowAnonymous>() is null)
        {
            // Routing looks for this too, but not for the sake of a policy that is put on the endpoint as it is.
            return (metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<AuthorizationPolicy>() is not null) && context.Items.ContainsKey(SignatureMiddleware.AuthorizedItem);
        }

        // Behind a proxy on this machine every caller is local: in Development the 401 tells them as much.
        return isDevelopment && context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer);
    }
}
