using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>The authentication scheme of a kind of token: nothing if there is none of ours, else a user or a refusal.</summary>
internal abstract class TokenHandler<TOptions>(IOptionsMonitor<TOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenSchemes schemes)
    : AuthenticationHandler<TOptions>(options, logger, encoder)
    where TOptions : AuthenticationSchemeOptions, new()
{
    // The user or the refusal: the handler lives as long as the request, so whoever challenges finds what was found before.
    private object? _found;

    private bool IsAccepted => _found is SignaturePrincipal;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        ValueTask<TokenAnswer> answer = schemes.JudgeAsync(Context, Scheme.Name);
        return answer.IsCompletedSuccessfully ? Task.FromResult(ResultOf(answer.GetAwaiter().GetResult())) : AwaitAsync(answer);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync().ConfigureAwait(false);
        if (TokenSchemes.RefusedBySignature(Context) is { } signature && _found is Outcome)
        {
            await schemes.ChallengeAsync(Context, signature, Scheme.Name, Logger).ConfigureAwait(false);
            return;
        }

        await TokenChallenge.WriteAsync(Context, schemes.DoorOf(Scheme.Name), _found as Outcome, isKnown: IsAccepted, Scheme.Name, Logger).ConfigureAwait(false);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (IsAccepted)
        {
            return TokenChallenge.ForbidAsync(Context, schemes.DoorOf(Scheme.Name));
        }

        Response.StatusCode = StatusCodes.Status403Forbidden;
        return ProblemBody.WriteLeftAsync(Context, Scheme.Name);
    }

    private async Task<AuthenticateResult> AwaitAsync(ValueTask<TokenAnswer> answer) => ResultOf(await answer.ConfigureAwait(false));

    private AuthenticateResult ResultOf(in TokenAnswer answer)
    {
        _found = (object?)answer.Refusal ?? answer.Principal;
        if (answer.Refusal is not null)
        {
            return SignatureFailures.Of(TokenChallenge.Told(answer.Refusal));
        }

        if (answer.Principal is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (schemes.Transformations.Any)
        {
            // Whoever must know that a token of ours came with the request cannot read it off the user any more.
            Context.Features.Set(new TokenFeature(answer.Principal));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(schemes.Transformations.Prepare(answer.Principal), answer.ToProperties(), Scheme.Name));
    }
}
