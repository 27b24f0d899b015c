using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §3.2. Judges the signature of a request under one scheme, once: both doors stand before this.</summary>
/// <remarks>
/// <code>
/// 1 parse ─ 2 policy ─ 3 key ─ 4 MAC ┃ 5 credential, and the token beside it ─ 6 content and digest ─ 7 replay claim ─ 8 user
///                    anybody gets here ┃ only the holder of the Secret does
/// </code>
/// </remarks>
internal sealed class RequestVerifier(
    string scheme, SignatureOptions options, KeyLookUp keys, IReplayStore replay, TokenDoors doors, LastUses uses, ShownSignatureBase? shown,
    Func<bool> isOnly, bool signsResponses, SigningMetrics metrics, ILogger logger)
{
    private readonly MessageVerifier _verifier = new(options.Policy, options.TimeProvider);
    private readonly TimeProvider _time = options.TimeProvider ?? TimeProvider.System;
    private readonly PresignedUrls _urls = new(options, keys, doors, uses);
    private readonly HolderCheck _holder = new(scheme, options, new SignatureReplay(replay, logger), uses, signsResponses, metrics.Times, logger);
    private readonly Origin? _origin = options.PublicOrigin is null ? null : new Origin(options.PublicOrigin);

    public string Scheme => scheme;

    public SignatureOptions Options => options;

    public IReplayStore Replay => replay;

    /// <summary>Gets the steps that only the holder of the Secret gets to.</summary>
    public HolderCheck Holder => _holder;

    public TimeProvider Time => _time;

    /// <summary>Gives the verdict of the request, which an earlier door may have reached already.</summary>
    public ValueTask<SignatureFeature> VerifyAsync(HttpContext context)
    {
        SignatureFeature? feature = SignatureFeature.Find(context, scheme);
        return feature is null or { IsInterrupted: true } ? VerifyOnceAsync(context) : ValueTask.FromResult(feature);
    }

    /// <summary>Gives the verdict now that the endpoint is known: before routing no URL is let in, so what was no signature then may be one.</summary>
    public ValueTask<SignatureFeature> VerifyRoutedAsync(HttpContext context)
    {
        SignatureFeature? feature = SignatureFeature.Find(context, scheme);
        return feature is null or { IsInterrupted: true } || (feature.Status == SignatureStatus.MissingSignature && PresignedUrls.IsIn(context))
            ? VerifyOnceAsync(context)
            : ValueTask.FromResult(feature);
    }

    public SignatureEvents EventsFor(HttpContext context) => options.EventsType is null
        ? options.Events
        : (SignatureEvents)context.RequestServices.GetRequiredService(options.EventsType);

    public static bool MayHaveSignature(HttpContext context) =>
        context.Request.Headers.ContainsKey("Signature-Input") || context.Request.Headers.ContainsKey("Signature") || PresignedUrls.IsIn(context);

    /// <summary>Says whether the request has a signature for this scheme, be it a broken one.</summary>
    public bool HasSignature(HttpContext context) => PresignedUrls.IsIn(context) || IsSigned(new HttpRequestView(context, _origin));

    /// <summary>Gives the base of the first signature as the server sees it; <see langword="null"/> where it is not shown, or there is none.</summary>
    public string? SignatureBaseOf(HttpContext context)
    {
        if (shown is null)
        {
            return null;
        }

        var message = new HttpRequestView(context, _origin);
        string? text = PresignedUrls.IsIn(context) ? _urls.SignatureBaseOf(message)
            : _verifier.TryRead(message, out SignatureCandidates candidates, out _) ? _verifier.GetSignatureBase(message, candidates[0])
            : null;
        return text is null ? null : shown.Of(text);
    }

    /// <summary>Finds the component of the first signature that has no value here; <see langword="null"/> where nothing of the target is known.</summary>
    public string? MissingComponentOf(HttpContext context)
    {
        var message = new HttpRequestView(context, _origin);
        return _verifier.TryRead(message, out SignatureCandidates candidates, out _) ? _verifier.FindMissingComponent(message, candidates[0]) : null;
    }

    /// <summary>Takes the steps up to the claim for one of several parties.</summary>
    public async ValueTask<PartyProof> ProveAsync(HttpContext context, bool isFirst)
    {
        using Activity? activity = StartSpan();
        SignatureVerdict verdict = SignatureVerdict.Begin(scheme, context.Features.Get<SignatureFeature>());
        var party = new PartyProof(this, verdict, isFirst);
        context.Features.Set(party.Feature);
        await JudgeAsync(context, verdict, party).ConfigureAwait(false);
        activity?.SetTag(SigningMetrics.SchemeTag, scheme);
        if (party.Key is null)
        {
            Tell(activity, party.Feature.Outcome);
        }

        return party;
    }

    /// <summary>Says whether a key has made a signature, whoever else has.</summary>
    public bool IsMadeBy(in ProvedSignature proved, SigningKey key) =>
        _verifier.Verify(proved.Message, proved.Candidate, key, out _) == SignatureStatus.Verified;

    public async ValueTask AdmitAsync(HttpContext context, SignatureVerdict verdict, Credential credential)
    {
        verdict.Principal = verdict.Joined?.Answer.Principal ?? SignaturePrincipal.Of(credential, scheme, options.ClaimsIssuer);
        SignatureEvents events = EventsFor(context);
        if (events.ObservesValidated)
        {
            var validated = new SignatureValidatedContext(context, scheme, credential, verdict.Principal);
            await events.ValidatedAsync(validated).ConfigureAwait(false);
            verdict.Principal = validated.Principal;
        }
    }

    /// <summary>Counts and logs a verdict.</summary>
    /// <param name="feature">The verdict.</param>
    /// <param name="isPart">Whether the request has the signature of another party: then one that is missing tells the operator who has not signed. By itself it is no event, since anybody may come without.</param>
    public void Report(SignatureFeature feature, bool isPart = false)
    {
        string code = feature.Outcome.Code;
        metrics.Count(code, scheme);
        if (feature.IsVerified)
        {
            Log.Verified(logger, scheme, feature.Credential!.Key);
        }
        else if (feature.TransportStatus == 0 && (isPart || feature.Status != SignatureStatus.MissingSignature))
        {
            // What the server itself has answered is in the log already.
            Log.Refused(logger, scheme, code, feature.Credential?.Key ?? Log.UnprovedKey);
        }
    }

    // As of an HTTP server's span: what the caller is to mend is no error of ours.
    private static void Tell(Activity? activity, Outcome outcome)
    {
        activity?.SetTag(SigningMetrics.StatusTag, outcome.Code);
        if (outcome.HttpStatus >= StatusCodes.Status500InternalServerError)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static Activity? StartSpan() => SigningMetrics.Source.StartActivity("signing.verify");

    private async ValueTask<SignatureFeature> VerifyOnceAsync(HttpContext context)
    {
        using Activity? activity = StartSpan();
        SignatureVerdict verdict = SignatureVerdict.Begin(scheme, context.Features.Get<SignatureFeature>());
        await JudgeAsync(context, verdict, party: null).ConfigureAwait(false);
        if (verdict.IsVerified)
        {
            try
            {
                await AdmitAsync(context, verdict, verdict.Credential!).ConfigureAwait(false);
            }
            catch
            {
                // The page of the error may ask as well: it must not be told that the request was sent twice.
                verdict.Interrupt();
                context.Features.Set(new SignatureFeature(verdict));
                activity?.SetStatus(ActivityStatusCode.Error);
                throw;
            }
        }

        var feature = new SignatureFeature(verdict.Settle(isOnly()));
        context.Features.Set(feature);
        Report(feature);
        Tell(activity, feature.Outcome);
        activity?.SetTag(SigningMetrics.SchemeTag, scheme);
        return feature;
    }

    private async ValueTask JudgeAsync(HttpContext context, SignatureVerdict verdict, PartyProof? party)
    {
        var message = new HttpRequestView(context, _origin);

        // Several parties sign in header fields: a URL is made by one.
        if (party is null && PresignedUrls.IsIn(context))
        {
            await _urls.JudgeAsync(context, message, IsSigned(message), verdict).ConfigureAwait(false);
            return;
        }

        // 1 and 2: both fields are read strictly, and what the policy can refuse without a key is refused.
        if (!_verifier.TryRead(message, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            verdict.Status = refusal;
            return;
        }

        TokenPresence token = party is { IsFirst: false } ? default : doors.Find(context);
        if (token.IsAmbiguous || token.Door is { JoinsSignatures: false })
        {
            verdict.CredentialStatus = CredentialStatus.AmbiguousCredentials;
            return;
        }

        if (token.Door is not null)
        {
            verdict.Joined = new JoinedToken(token);
        }

        // RFC 9421 §7.2.6: a foreign signature beside the caller's, even a broken one, must deny nobody; the first that verifies wins.
        for (int i = 0; i < candidates.Count; i++)
        {
            SignatureCandidate candidate = candidates[i];
            // 3: the key comes from the source alone; what the message says about it is only its name.
            SourceAnswer<Credential> found = await FindAsync(message, candidate, context.RequestAborted).ConfigureAwait(false);

            // 4
            int matched = -1;
            UInt128 fingerprint = default;
            SignatureStatus status = found.IsUnavailable
                ? SignatureStatus.NotVerified
                : _verifier.Verify(message, candidate, KeyLookUp.SecretsOf(found), out matched, out fingerprint);
            if (status == SignatureStatus.Verified)
            {
                await _holder.JudgeAsync(context, message, candidate, found.Row!, matched, fingerprint, verdict, party).ConfigureAwait(false);
                return;
            }

            if (status == SignatureStatus.MissingComponent && message.RequestTarget.IsEmpty)
            {
                Log.TargetIsUntold(logger, scheme);
            }

            // The most telling refusal stays: a key nobody could look up may be the caller's, one nobody knows is a stranger's.
            // Strangers get the same answer whether it is known or not, so that only what is told in the same words takes its place.
            if (i == 0 || found.IsUnavailable || (verdict.CredentialStatus == CredentialStatus.UnknownKey && status == SignatureStatus.InvalidCredential))
            {
                verdict.Status = status;
                verdict.CredentialStatus = KeyLookUp.StatusOf(found, status);
            }
        }
    }

    // In its header fields; a URL is asked for apart.
    private bool IsSigned(in HttpRequestView message) => _verifier.TryRead(message, out _, out SignatureStatus refusal) || refusal != SignatureStatus.MissingSignature;

    private ValueTask<SourceAnswer<Credential>> FindAsync(in HttpRequestView message, in SignatureCandidate candidate, CancellationToken aborted)
    {
        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        return keys.FindAsync(candidate.GetKeyId(message, buffer), aborted);
    }
}
