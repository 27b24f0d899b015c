using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Judges the token of a request together with whatever else the request carries: two credentials that do not belong together are none.</summary>
internal sealed class TokenSchemes(
    TokenDoors doors, RequestVerifiers verifiers, IEnumerable<SignatureScheme> signatures, ClaimsTransformations transformations, LastUses uses, SigningMetrics metrics,
    ILoggerFactory loggers)
{
    private static readonly TokenAnswer Ambiguous = TokenAnswer.Refused(CredentialOutcome.Of(CredentialStatus.AmbiguousCredentials));

    private readonly string[] _signatures = [.. signatures.Select(scheme => scheme.Name)];
    private readonly ILogger _logger = loggers.CreateLogger(SignatureDefaults.TelemetryName);

    public ClaimsTransformations Transformations => transformations;

    public TokenDoor DoorOf(string scheme) => doors.Get(scheme);

    /// <summary>Judges what a scheme reads; completes at once if there is no signature and everything else is in memory.</summary>
    public ValueTask<TokenAnswer> JudgeAsync(HttpContext context, string scheme)
    {
        TokenDoor door = doors.Get(scheme);
        TokenPresence token = door.Find(context);
        if (token.Door is null)
        {
            return default;
        }

        if (token.IsAmbiguous || doors.Find(context).IsAmbiguous)
        {
            return new ValueTask<TokenAnswer>(Report(door, Ambiguous));
        }

        if (SignatureOf(context) is { } verifier)
        {
            return door.JoinsSignatures ? JoinAsync(context, verifier, token) : new ValueTask<TokenAnswer>(Report(door, Ambiguous));
        }

        ValueTask<TokenAnswer> answer = door.VerifyAsync(token.Token, context.RequestAborted);
        return answer.IsCompletedSuccessfully ? new ValueTask<TokenAnswer>(Conclude(context, door, answer.GetAwaiter().GetResult())) : AwaitAsync(context, door, answer);
    }

    /// <summary>Finds the verdict about the signature that came with a token, if it is for the signature that both are refused.</summary>
    public static SignatureFeature? RefusedBySignature(HttpContext context)
    {
        // Of several parties one verdict is the answer; what was found about the others refuses nobody.
        SignatureParties? parties = context.Features.Get<SignatureParties>();
        SignatureFeature? feature = parties is null ? context.Features.Get<SignatureFeature>() : parties.Answer;
        while (feature is not null && (feature.IsVerified || feature.Joined is { Answer.Refusal: not null }
            || feature.Status == SignatureStatus.MissingSignature || feature.CredentialStatus == CredentialStatus.AmbiguousCredentials))
        {
            feature = parties is null ? feature.Previous : null;
        }

        return feature;
    }

    public Task ChallengeAsync(HttpContext context, SignatureFeature refused, string challenged, ILogger logger) =>
        SignatureChallenge.WriteAsync(context, verifiers.Get(refused.Scheme), refused, challenged, logger);

    private static async ValueTask<TokenAnswer> VerifyAsync(HttpContext context, TokenPresence token, SignatureFeature feature)
    {
        if (feature.Joined is { } joined && ReferenceEquals(joined.Door, token.Door))
        {
            return joined.Answer;
        }

        return await token.Door!.VerifyAsync(token.Token, context.RequestAborted).ConfigureAwait(false);
    }

    private RequestVerifier? SignatureOf(HttpContext context)
    {
        if (!RequestVerifier.MayHaveSignature(context))
        {
            return null;
        }

        foreach (string scheme in _signatures)
        {
            RequestVerifier verifier = verifiers.Get(scheme);
            if (verifier.HasSignature(context))
            {
                return verifier;
            }
        }

        return null;
    }

    private async ValueTask<TokenAnswer> JoinAsync(HttpContext context, RequestVerifier verifier, TokenPresence token)
    {
        // Where several parties have to sign, one of the signatures by itself must not be used up.
        SignatureFeature feature = verifiers.RequiredOf(context) is { } required
            ? (await SeveralSignatures.VerifyAsync(context, verifiers, required).ConfigureAwait(false)).Answer
            : await verifier.VerifyAsync(context).ConfigureAwait(false);
        TokenAnswer answer = feature.IsVerified
            ? await VerifyAsync(context, token, feature).ConfigureAwait(false)
            : TokenAnswer.Refused(feature.Outcome, feature.Credential?.Key);
        return Report(token.Door!, answer);
    }

    private async ValueTask<TokenAnswer> AwaitAsync(HttpContext context, TokenDoor door, ValueTask<TokenAnswer> answer) =>
        Conclude(context, door, await answer.ConfigureAwait(false));

    // Without a signature, whose verifier notes the use of both.
    private TokenAnswer Conclude(HttpContext context, TokenDoor door, in TokenAnswer answer)
    {
        if (answer.Principal is not null)
        {
            uses.Note(answer.Principal, context, door.Time.GetUtcNow());
            SharedCaches.KeepOut(context);
        }

        return Report(door, answer);
    }

    private TokenAnswer Report(TokenDoor door, in TokenAnswer answer)
    {
        string code = answer.Refusal?.Code ?? CredentialOutcome.Of(CredentialStatus.Valid).Code;
        metrics.Count(code, door.Scheme);
        if (answer.Refusal is null)
        {
            Log.Verified(_logger, door.Scheme, answer.Client!);
        }
        else
        {
            Log.Refused(_logger, door.Scheme, code, answer.Client ?? Log.UnprovedKey);
        }

        return answer;
    }
}
