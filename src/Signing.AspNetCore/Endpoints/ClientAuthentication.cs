using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>RFC 6749 §2.3. Finds out which client calls: by its signature, by Basic, or by <c>client_id</c> and <c>client_secret</c> in the content, and never by two of them.</summary>
internal sealed class ClientAuthentication(
    RequestVerifiers verifiers, string scheme, ICredentialSource credentials, string? environment, LastUses uses, TimeProvider time, ILogger logger)
{
    private readonly CredentialLookUp _lookUp = new(exception => Log.CredentialSourceFailed(logger, scheme, exception));

    /// <summary>Gets the verifier of signed requests, by the options of its scheme as they are now.</summary>
    public RequestVerifier Signatures => verifiers.Get(scheme);

    public async ValueTask<ClientProof> ProveAsync(HttpContext context, TokenRequest request)
    {
        RequestVerifier signatures = Signatures;
        StringValues authorization = context.Request.Headers.Authorization;
        bool signed = RequestVerifier.MayHaveSignature(context) && signatures.HasSignature(context);
        bool basic = authorization.Any(BasicCredentials.Are);
        int proofs = (signed ? 1 : 0) + (basic ? 1 : 0) + (request.ClientSecret is null ? 0 : 1);
        if (proofs > 1 || authorization.Count > 1)
        {
            return new ClientProof(null, OAuthError.SeveralProofs);
        }

        if (signed)
        {
            return await ProveBySignatureAsync(context, signatures, request.ClientId).ConfigureAwait(false);
        }

        if (basic)
        {
            return await ProveByBasicAsync(context, authorization[0]!, request.ClientId).ConfigureAwait(false);
        }

        if (request.ClientSecret is not null)
        {
            return request.ClientId is null
                ? new ClientProof(null, OAuthError.ClientMissing)
                : await ProveBySecretAsync(context, request.ClientId, request.ClientSecret).ConfigureAwait(false);
        }

        return default;
    }

    private async ValueTask<ClientProof> ProveBySignatureAsync(HttpContext context, RequestVerifier signatures, string? clientId)
    {
        SignatureFeature feature = await signatures.VerifyAsync(context).ConfigureAwait(false);
        if (!feature.IsVerified)
        {
            return new ClientProof(null, OAuthError.OfClient(feature.Outcome), feature);
        }

        Credential client = feature.Credential!;
        if (clientId is not null && clientId != client.Key)
        {
            return new ClientProof(null, OAuthError.SeveralProofs);
        }

        // The scheme may serve all environments, and the tokens one.
        return client.Evaluate(time.GetUtcNow(), environment) is var status and not CredentialStatus.Valid
            ? new ClientProof(null, OAuthError.OfClient(CredentialOutcome.Of(status)))
            : new ClientProof(client);
    }

    private ValueTask<ClientProof> ProveByBasicAsync(HttpContext context, string authorization, string? clientId)
    {
        if (!BasicCredentials.TryRead(authorization, out string id, out string secret))
        {
            return new ValueTask<ClientProof>(new ClientProof(null, OAuthError.BasicMalformed));
        }

        return clientId is not null && clientId != id
            ? new ValueTask<ClientProof>(new ClientProof(null, OAuthError.SeveralProofs))
            : ProveBySecretAsync(context, id, secret);
    }

    private async ValueTask<ClientProof> ProveBySecretAsync(HttpContext context, string id, string secret)
    {
        SourceAnswer<Credential> found = await _lookUp.FindAsync(credentials.FindAsync, id, context.RequestAborted).ConfigureAwait(false);
        if (found.IsUnavailable)
        {
            return new ClientProof(null, OAuthError.StoreUnavailable);
        }

        if (found.Row is not { } client || ClientSecret.Find(client, secret) is var matched && matched < 0)
        {
            return new ClientProof(null, OAuthError.ClientUnknown);
        }

        DateTimeOffset now = time.GetUtcNow();
        CredentialStatus status = client.Evaluate(matched, now, environment);
        if (status != CredentialStatus.Valid)
        {
            return new ClientProof(null, OAuthError.OfClient(CredentialOutcome.Of(status)));
        }

        if (!client.ClientSecretAllowed)
        {
            return new ClientProof(null, OAuthError.SecretNotAllowed);
        }

        uses.Note(client, matched, context, now);
        return new ClientProof(client);
    }
}
