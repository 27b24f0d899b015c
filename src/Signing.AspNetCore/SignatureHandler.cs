using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>The first door: the authentication scheme, which composes with policies and with other schemes.</summary>
internal sealed class SignatureHandler(
    IOptionsMonitor<SignatureOptions> options, ILoggerFactory logger, UrlEncoder encoder, RequestVerifiers verifiers)
    : AuthenticationHandler<SignatureOptions>(options, logger, encoder)
{
    private RequestVerifier Verifier => verifiers.Get(Scheme.Name, Options);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
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
        SignatureFeature feature = await Verifier.VerifyAsync(Context).ConfigureAwait(false);
        await SignatureChallenge.WriteAsync(Context, Verifier, feature, Logger).ConfigureAwait(false);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        SignatureFeature feature = await Verifier.VerifyAsync(Context).ConfigureAwait(false);
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
        return AuthenticateResult.Success(new AuthenticationTicket(verifiers.Transformations.Prepare(feature.Principal!), Scheme.Name));
    }
}
