using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>Answers a request that was not verified; both doors refuse through here. 503 and 429 arise here too, so that nobody takes them for a 401.</summary>
internal static class SignatureChallenge
{
    // How long a caller waits before the next try, in seconds, if the store has not said.
    private const int StoreRetrySeconds = 2;
    private const int QuotaRetrySeconds = 10;

    // Where the clock was set back the floor may be days ahead; somebody will have set it right before.
    private const int MaxFloorRetrySeconds = 3600;

    private static readonly Outcome InvalidCredential = Outcome.Of(SignatureStatus.InvalidCredential);

    /// <summary>What the caller may be told: what only a holder may know stays one answer.</summary>
    public static Outcome Told(Outcome reason) => reason.Disclosure == Disclosure.AsInvalidCredential ? InvalidCredential : reason;

    /// <summary>Answers, the body included if no other scheme has anything to say after this.</summary>
    /// <param name="context">The request.</param>
    /// <param name="verifier">That of the scheme that refuses.</param>
    /// <param name="feature">What it found.</param>
    /// <param name="challenged">The scheme that ASP.NET has asked for its challenge, which may be another; <see langword="null"/> if nobody is asked after this.</param>
    /// <param name="logger">Where it logs.</param>
    public static async Task WriteAsync(HttpContext context, RequestVerifier verifier, SignatureFeature feature, string? challenged, ILogger logger)
    {
        HttpResponse response = context.Response;
        Outcome reason = feature.Outcome;
        if (response.HasStarted)
        {
            Log.ResponseStarted(logger, verifier.Scheme, reason.Code);
            return;
        }

        if (feature.TransportStatus != 0)
        {
            response.StatusCode = feature.TransportStatus;
            return;
        }

        if (feature.IsVerified)
        {
            // The host asks a caller who is known to prove it again: there is no error to name.
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge(verifier.Options.Realm));
            return;
        }

        if (feature.Joined is { Answer.Refusal: not null } token)
        {
            // The signature is in order; it is the token beside it that its holder has to replace.
            await TokenChallenge.WriteAsync(context, token.Door, reason, isKnown: false, challenged, logger).ConfigureAwait(false);
            return;
        }

        Outcome told = Told(reason);
        WriteHead(context, verifier, feature, told);
        ProblemDetails problem = ProblemBody.Of(told);

        // Whatever the true reason is, so that an unknown key and a wrong MAC stay one answer.
        if (ReferenceEquals(told, InvalidCredential) && verifier.SignatureBaseOf(context) is { } signatureBase)
        {
            problem.Extensions["signature_base"] = signatureBase;
        }

        if (feature.Status == SignatureStatus.MissingComponent && ReferenceEquals(told, reason) && verifier.MissingComponentOf(context) is { } component)
        {
            problem.Extensions["component"] = component;
        }

        var challenge = new SignatureChallengeContext(context, verifier.Scheme, told, reason, problem);
        await verifier.EventsFor(context).ChallengeAsync(challenge).ConfigureAwait(false);
        if (feature.Credential is not null)
        {
            RequestBodyDigest.LetGo(context);
        }

        if (challenge.Handled || response.HasStarted)
        {
            return;
        }

        bool isMissing = feature.Status == SignatureStatus.MissingSignature;
        await ProblemBody.WriteWhenLastAsync(context, challenged, problem, isMissing).ConfigureAwait(false);
    }

    /// <summary>Writes the status and the fields that callers learn from: the clock, the challenge, what is to be covered, when to come again.</summary>
    public static void WriteHead(HttpContext context, RequestVerifier verifier, SignatureFeature feature, Outcome told)
    {
        SignatureStatus status = feature.Status;
        HttpResponse response = context.Response;
        response.StatusCode = told.HttpStatus;
        response.Headers.CacheControl = "no-store";

        // The clock the signature was judged by: callers correct theirs from it.
        response.Headers.Date = verifier.Time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        switch (told.HttpStatus)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge(verifier.Options.Realm, ("error", told.Code)));
                break;
            case StatusCodes.Status429TooManyRequests:
                response.Headers.RetryAfter = QuotaRetrySeconds.ToString(CultureInfo.InvariantCulture);
                break;
            case StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = RetrySeconds(status, verifier).ToString(CultureInfo.InvariantCulture);
                if (status == SignatureStatus.ReplayBeforeFloor)
                {
                    // RFC 9110 §11.6.1: beside a 401 it says that other credentials, here a younger signature, would change the answer.
                    response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge(verifier.Options.Realm, ("error", told.Code)));
                }

                break;
        }

        // RFC 9421 §5: asks for what was missing; a caller whose signature was complete learns nothing from it.
        if (status is SignatureStatus.MissingSignature or SignatureStatus.InsufficientCoverage or SignatureStatus.MissingParameter
            or SignatureStatus.MissingDigest or SignatureStatus.UnsupportedAlgorithm)
        {
            AcceptSignature.Add(context, verifier, feature);
        }
    }

    /// <summary>Writes the status and the challenge for a caller who is known and may not do this.</summary>
    public static void WriteForbidden(HttpContext context, RequestVerifier verifier, Forbidden forbidden)
    {
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.Headers.CacheControl = "no-store";
        string code = forbidden.Outcome.Code;
        response.Headers.Append(HeaderNames.WWWAuthenticate, forbidden.Names.Length == 0
            ? Challenge(verifier.Options.Realm, ("error", code))
            : Challenge(verifier.Options.Realm, ("error", code), (forbidden.Attribute, forbidden.Names)));
    }

    private static int RetrySeconds(SignatureStatus status, RequestVerifier verifier)
    {
        if (status != SignatureStatus.ReplayBeforeFloor)
        {
            return StoreRetrySeconds;
        }

        // A floor lies at most one skew ahead of the store's start, where the store does not say that it lies higher; `created`
        // counts whole seconds, so one more.
        int usual = (int)Math.Ceiling(verifier.Options.Policy.FutureSkew.TotalSeconds) + 1;
        return verifier.Replay is IReplayFloor { Floor: { } floor }
            ? (int)Math.Max(usual, Math.Min(floor - verifier.Time.GetUtcNow().ToUnixTimeSeconds(), MaxFloorRetrySeconds))
            : usual;
    }

    private static string Challenge(string? realm, params ReadOnlySpan<(string Name, string Value)> parameters) =>
        ChallengeText.Of(SignatureDefaults.AuthenticationScheme, realm, parameters);
}
