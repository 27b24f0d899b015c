using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>What a request to the token endpoints passes before anything is done: the limit of its address, the proof of its client, the limit of that.</summary>
/// <remarks>The numbers are those of <see cref="TokenEndpoints"/>.</remarks>
internal sealed class TokenGate(ClientAuthentication clients, TokenLimits limits, Uri issuer, TokenMetrics metrics, ILogger logger)
{
    private const string AuthenticateOperation = "authenticate";

    /// <summary>Takes step 1.</summary>
    /// <returns><see langword="false"/> where it has answered.</returns>
    public async ValueTask<bool> EnterAsync(HttpContext context)
    {
        if (limits.Enter(context) is not { } wait)
        {
            return true;
        }

        await RefuseClientAsync(context, OAuthError.RateLimited, wait).ConfigureAwait(false);
        return false;
    }

    /// <summary>Takes steps 4 and 5; gives <see langword="null"/> where it has answered.</summary>
    public async ValueTask<ClientProof?> ProveAsync(HttpContext context, TokenRequest request, bool isRequired)
    {
        ClientProof proof = await clients.ProveAsync(context, request).ConfigureAwait(false);
        OAuthError? error = proof.Error;
        if (proof.Client is null && error is null && isRequired)
        {
            error = OAuthError.ClientMissing;
        }

        if (error is not null)
        {
            if (proof.Signature is not null)
            {
                // What our own clients learn from: the clock, the challenge, and what is to be covered.
                SignatureChallenge.WriteHead(context, clients.Signatures, proof.Signature, SignatureChallenge.Told(proof.Signature.Outcome));
            }

            await RefuseClientAsync(context, error).ConfigureAwait(false);
            return null;
        }

        if (proof.Client is not null && limits.Enter(proof.Client) is { } wait)
        {
            await RefuseClientAsync(context, OAuthError.RateLimited, wait).ConfigureAwait(false);
            return null;
        }

        return proof;
    }

    public Task RefuseAsync(HttpContext context, OAuthError error, TimeSpan? retryAfter = null) =>
        OAuthAnswer.ErrorAsync(context, error, issuer, retryAfter);

    // Steps 1 and 4; what is refused later, the issuer counts.
    private Task RefuseClientAsync(HttpContext context, OAuthError error, TimeSpan? retryAfter = null)
    {
        string code = error.Code ?? error.Error;
        metrics.Count(AuthenticateOperation, code);
        Log.TokenRequestRefused(logger, code);
        return RefuseAsync(context, error, retryAfter);
    }
}
