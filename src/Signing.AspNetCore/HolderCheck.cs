using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §3.2. The steps of <see cref="RequestVerifier"/> behind the MAC, which only the holder of the Secret gets to: credential and token, content, replay claim.</summary>
internal sealed class HolderCheck(
    string scheme, SignatureOptions options, SignatureReplay replay, LastUses uses, bool signsResponses, SignedTimes times, ILogger logger)
{
    private readonly Action _readBefore = () => Log.ContentReadBefore(logger, scheme);
    private readonly TimeProvider _time = options.TimeProvider ?? TimeProvider.System;

    public async ValueTask JudgeAsync(
        HttpContext context, HttpRequestView message, SignatureCandidate candidate, Credential credential, int matched, UInt128 fingerprint, SignatureVerdict verdict,
        PartyProof? party)
    {
        // Until the last step says otherwise, nothing is verified.
        verdict.Status = SignatureStatus.NotVerified;
        verdict.Credential = credential;

        // 5
        DateTimeOffset now = _time.GetUtcNow();
        times.Note(candidate.Created, now);
        verdict.CredentialStatus = credential.Evaluate(matched, now, options.Environment);
        if (verdict.CredentialStatus != CredentialStatus.Valid)
        {
            return;
        }

        if (verdict.Joined is { } token && !await token.JoinsAsync(context, message, candidate, verdict).ConfigureAwait(false))
        {
            return;
        }

        // 6: RFC 9421 §7.2.8: a covered digest proves the content only if the content is compared with it.
        try
        {
            verdict.Status = await RequestBodyDigest.CheckAsync(context, message, candidate, options.Body.MaxBytes, _readBefore).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            // The server has judged the content itself: too large for it, too slow, or not HTTP. That answer stays.
            verdict.TransportStatus = exception.StatusCode;
            RequestBodyDigest.Abandon(context);
            Log.ContentRejected(logger, scheme, credential.Key, exception.StatusCode, exception.Message);
        }

        if (verdict.Status != SignatureStatus.Verified)
        {
            return;
        }

        // Of several parties nobody knows yet whether the others are accepted too.
        verdict.Status = SignatureStatus.NotVerified;
        var proved = new ProvedSignature(message, candidate, matched, fingerprint, now);
        if (party is not null)
        {
            party.Keep(proved);
            return;
        }

        await ClaimAsync(context, verdict, proved, isFirst: true).ConfigureAwait(false);
    }

    /// <summary>Takes step 7, the only one that is left for a signature that is in order.</summary>
    public async ValueTask ClaimAsync(HttpContext context, SignatureVerdict verdict, ProvedSignature proved, bool isFirst)
    {
        // 7: RFC 9421 §7.2.2: last, so that only a request that would be accepted uses up its signature.
        verdict.Status = await replay.ClaimAsync(verdict, proved.Fingerprint, proved.Candidate.Created, context.RequestAborted).ConfigureAwait(false);
        if (verdict.Status != SignatureStatus.Verified)
        {
            return;
        }

        // Of several parties the first is claimed last, when the request is accepted.
        if (isFirst)
        {
            SharedCaches.KeepOut(context);
        }

        Credential credential = verdict.Credential!;
        if (signsResponses && isFirst)
        {
            ResponseSigning.Keep(context, proved.Message, proved.Candidate, credential.Secrets[proved.Matched], _time);
        }

        uses.Note(credential, proved.Matched, context, proved.Now);
        uses.NoteSharingKey(verdict.Joined?.Answer.Principal?.SharingKeyId, context, proved.Now);
    }
}
