using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>The first door: the authentication scheme, which composes with policies and with other schemes.</summary>
internal sealed class SignatureHandler(
    IOptionsMonitor<SignatureOptions> options, ILoggerFactory logger, UrlEncoder encoder, RequestVerifiers verifiers)
    : AuthenticationHandler<SignatureOptions>(options, logger, encoder), IAuthenticationHandler
{
    private bool _isAsked;
    private Endpoint? _endpoint;

    private RequestVerifier Verifier => verifiers.Get(Scheme.Name, Options);

    // ASP.NET keeps the first result of a handler for the whole request. The page of an error is part of it, and asks for other
    // parties, schemes or none: whoever was let in for another scheme is not the user of this one there, and one whom the
    // token's scheme has named is.
    Task<AuthenticateResult> IAuthenticationHandler.AuthenticateAsync()
    {
        Endpoint? endpoint = Context.GetEndpoint();
        if (_isAsked && !ReferenceEquals(endpoint, _endpoint) && ResolveTarget(Options.ForwardAuthenticate) is null)
        {
            return HandleAuthenticateAsync();
        }

        _isAsked = true;
        _endpoint = endpoint;
        return AuthenticateAsync();
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (verifiers.RequiredOf(Context) is { } required)
        {
            return ResultOfSeveralAsync(required);
        }

        ValueTask<SignatureFeature> verdict = Verifier.VerifyAsync(Context);
        if (!verdict.IsCompletedSuccessfully)
        {
            return AwaitAsync(verdict);
        }

        SignatureFeature feature = verdict.GetAwaiter().GetResult();
        return feature.Joined is null ? Task.FromResult(ResultOf(feature)) : ResultOfBothAsync(feature);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (verifiers.RequiredOf(Context) is { } required)
        {
            await ChallengeSeveralAsync(required).ConfigureAwait(false);
            return;
        }

        bool isAskedFirst = SignatureFeature.Find(Context, Scheme.Name) is null;
        SignatureFeature feature = await Verifier.VerifyAsync(Context).ConfigureAwait(false);
        if (isAskedFirst && feature.IsVerified)
        {
            Log.AskedTooLate(Logger, Scheme.Name);
        }

        await SignatureChallenge.WriteAsync(Context, Verifier, feature, Scheme.Name, Logger).ConfigureAwait(false);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        SignatureFeature feature;
        if (verifiers.RequiredOf(Context) is { } required)
        {
            feature = (await SeveralSignatures.VerifyAsync(Context, verifiers, required).ConfigureAwait(false)).Answer;
            if (!feature.IsVerified || !IsFirstOf(required))
            {
                // A user of another scheme is known, but the signatures are not there: that is no matter of rights.
                await ChallengeSeveralAsync(required).ConfigureAwait(false);
                return;
            }
        }
        else
        {
            feature = await Verifier.VerifyAsync(Context).ConfigureAwait(false);
        }

        if (!feature.IsVerified || await IsNamedByTokenAsync(feature).ConfigureAwait(false))
        {
            Response.StatusCode = StatusCodes.Status403Forbidden;
            await ProblemBody.WriteLeftAsync(Context, Scheme.Name).ConfigureAwait(false);
            return;
        }

        Forbidden forbidden = await Forbidden.OfAsync(Context).ConfigureAwait(false);
        SignatureChallenge.WriteForbidden(Context, Verifier, forbidden);
        await ProblemBody.WriteWhenLastAsync(Context, Scheme.Name, ProblemBody.Of(forbidden.Outcome)).ConfigureAwait(false);
    }

    // The handler's events are read by the verifier, which serves the other door too.
    protected override Task InitializeEventsAsync() => Task.CompletedTask;

    private async Task<AuthenticateResult> AwaitAsync(ValueTask<SignatureFeature> verdict) =>
        await ResultOfBothAsync(await verdict.ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<AuthenticateResult> ResultOfBothAsync(SignatureFeature feature) =>
        await IsNamedByTokenAsync(feature).ConfigureAwait(false) ? AuthenticateResult.NoResult() : ResultOf(feature);

    // Of several schemes the first answers for all, so that no rights of another party are merged into the user.
    private bool IsFirstOf(SignaturesRequirement required) => required.Schemes[0] == Scheme.Name;

    private async Task<AuthenticateResult> ResultOfSeveralAsync(SignaturesRequirement required)
    {
        if (!IsFirstOf(required))
        {
            return AuthenticateResult.NoResult();
        }

        SignatureParties parties = await SeveralSignatures.VerifyAsync(Context, verifiers, required).ConfigureAwait(false);
        return await ResultOfBothAsync(parties.Answer).ConfigureAwait(false);
    }

    private async Task ChallengeSeveralAsync(SignaturesRequirement required)
    {
        if (IsFirstOf(required))
        {
            SignatureParties parties = await SeveralSignatures.VerifyAsync(Context, verifiers, required).ConfigureAwait(false);
            await SignatureChallenge.WriteAsync(Context, parties.Verifier, parties.Answer, Scheme.Name, Logger).ConfigureAwait(false);
            return;
        }

        Response.StatusCode = Response.StatusCode == StatusCodes.Status200OK ? StatusCodes.Status401Unauthorized : Response.StatusCode;
        await ProblemBody.WriteLeftAsync(Context, Scheme.Name).ConfigureAwait(false);
    }

    // The user of a signature and a token together is the token's. Where the token's scheme is asked too, it alone names them,
    // so that they are not merged with themselves.
    private async ValueTask<bool> IsNamedByTokenAsync(SignatureFeature feature) =>
        feature is { IsVerified: true, Joined: { } token }
        && await EndpointPolicy.OfAsync(Context).ConfigureAwait(false) is { } policy
        && policy.AuthenticationSchemes.Contains(token.Door.Scheme, StringComparer.Ordinal);

    private AuthenticateResult ResultOf(SignatureFeature feature)
    {
        if (feature.Status == SignatureStatus.MissingSignature)
        {
            return AuthenticateResult.NoResult();
        }

        if (!feature.IsVerified)
        {
            return SignatureFailures.Of(feature);
        }

        feature.KeepUser(Context);
        AuthenticationProperties? properties = feature.Joined?.Answer.ToProperties();
        return AuthenticateResult.Success(new AuthenticationTicket(verifiers.Transformations.Prepare(feature.Principal!), properties, feature.Scheme));
    }
}
