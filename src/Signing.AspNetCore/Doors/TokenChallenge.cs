using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>RFC 6750 §3. Answers a request whose token is missing, is not accepted, or does not permit enough; 503 and 429 arise here too.</summary>
internal static class TokenChallenge
{
    private const string InsufficientScope = "insufficient_scope";
    private const string InvalidToken = "invalid_token";
    private const string TokenError = $"error=\"{InvalidToken}\"";
    private const int StoreRetrySeconds = 2;
    private const int QuotaRetrySeconds = 10;

    private static readonly Outcome Missing = TokenOutcome.Of(TokenStatus.MissingToken);

    // Unknown, of another client, tampered with: one answer, in which nothing says which.
    public static readonly Outcome InvalidCredential = new(
        Outcome.Of(SignatureStatus.InvalidCredential).Code, StatusCodes.Status401Unauthorized, Disclosure.Anybody,
        "The token is not one that this API accepts.",
        "Send the token exactly as it was issued, to the API that issued it, or get another one.");

    /// <summary>What the caller may be told: what only a holder may know stays one answer.</summary>
    public static Outcome Told(Outcome reason) => reason.Disclosure == Disclosure.AsInvalidCredential ? InvalidCredential : reason;

    /// <summary>Answers, the body included if no other scheme has anything to say after this.</summary>
    /// <param name="context">The request.</param>
    /// <param name="door">That of the token.</param>
    /// <param name="refusal">Why it is refused; <see langword="null"/> if there is none.</param>
    /// <param name="isKnown">Whether the token was accepted.</param>
    /// <param name="challenged">The scheme that ASP.NET has asked for its challenge, which may be that of the signature beside the token; <see langword="null"/> if nobody is asked after this.</param>
    /// <param name="logger">Where it logs.</param>
    public static async Task WriteAsync(HttpContext context, TokenDoor door, Outcome? refusal, bool isKnown, string? challenged, ILogger logger)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            Log.ResponseStarted(logger, door.Scheme, (refusal ?? Missing).Code);
            return;
        }

        response.Headers.CacheControl = "no-store";
        if (isKnown)
        {
            // The host asks a caller who is known to prove it again: there is no error to name.
            response.StatusCode = StatusCodes.Status401Unauthorized;
            Append(response, Challenge(door.Realm));
            return;
        }

        Outcome told = Told(refusal ?? Missing);
        response.StatusCode = told.HttpStatus;
        response.Headers.Date = door.Time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        switch (told.HttpStatus)
        {
            case StatusCodes.Status401Unauthorized when refusal is null:
                // RFC 6750 §3.1: without any authentication information, no error code; and none is needed beside a scheme that has one.
                if (!HasError(response))
                {
                    Append(response, Challenge(door.Realm));
                }

                break;
            case StatusCodes.Status401Unauthorized:
                Append(response, Challenge(door.Realm, ("error", InvalidToken), ("error_description", told.Sentence), ("code", told.Code)));
                break;
            case StatusCodes.Status429TooManyRequests:
                response.Headers.RetryAfter = QuotaRetrySeconds.ToString(CultureInfo.InvariantCulture);
                break;
            default:
                response.Headers.RetryAfter = StoreRetrySeconds.ToString(CultureInfo.InvariantCulture);
                break;
        }

        await ProblemBody.WriteWhenLastAsync(context, challenged, ProblemBody.Of(told), isMissing: refusal is null).ConfigureAwait(false);
    }

    /// <summary>Answers a caller who is known and may not do this.</summary>
    public static async Task ForbidAsync(HttpContext context, TokenDoor door)
    {
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.Headers.CacheControl = "no-store";
        Forbidden forbidden = await Forbidden.OfAsync(context).ConfigureAwait(false);

        // RFC 6750 §3.1: the scope attribute says what would be enough; a code stands where the error does not tell it.
        Append(response, forbidden switch
        {
            { Names: "" } => Challenge(door.Realm, ("error", InsufficientScope)),
            { Attribute: "scope" } => Challenge(door.Realm, ("error", InsufficientScope), ("scope", forbidden.Names)),
            _ => Challenge(
                door.Realm,
                ("error", InsufficientScope), ("error_description", forbidden.Outcome.Sentence), ("code", forbidden.Outcome.Code), (forbidden.Attribute, forbidden.Names)),
        });
        await ProblemBody.WriteWhenLastAsync(context, door.Scheme, ProblemBody.Of(forbidden.Outcome)).ConfigureAwait(false);
    }

    private static string Challenge(string? realm, params ReadOnlySpan<(string Name, string Value)> parameters) =>
        ChallengeText.Of(TokenDoor.BearerScheme, realm, parameters);

    private static bool HasError(HttpResponse response)
    {
        foreach (string? challenge in response.Headers.WWWAuthenticate)
        {
            if (challenge is not null && challenge.StartsWith(TokenDoor.BearerScheme, StringComparison.Ordinal) && challenge.Contains(TokenError, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // Several schemes of one kind would say the same.
    private static void Append(HttpResponse response, string challenge)
    {
        if (!response.Headers.WWWAuthenticate.Contains(challenge, StringComparer.Ordinal))
        {
            response.Headers.Append(HeaderNames.WWWAuthenticate, challenge);
        }
    }
}
