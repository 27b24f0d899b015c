using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Signing.AspNetCore;

/// <summary>
/// What one scheme found about the signature of a request: found once, and read from the features of the
/// <see cref="HttpContext"/> by whoever asks again.
/// </summary>
/// <remarks>With several schemes the collection of features holds the one that judged last.</remarks>
public sealed class SignatureFeature : IAuthenticateResultFeature, IHttpAuthenticationFeature
{
    private readonly SignatureVerdict _verdict;

    // The user, or the result that holds one: one field, because there is one of these objects for each request.
    private object? _signedIn;

    internal SignatureFeature(SignatureVerdict verdict)
    {
        _verdict = verdict;
    }

    /// <summary>The name of the scheme whose policy was applied.</summary>
    public string Scheme => _verdict.Scheme;

    /// <summary>Whether the request is its holder's: the signature verified, the credential may be used, and the signature was not used before.</summary>
    public bool IsVerified => _verdict.IsVerified;

    /// <summary>The row of the outcome, with the true reason; a caller is told only what <see cref="Outcome.Disclosure"/> permits.</summary>
    public Outcome Outcome => _verdict.Outcome;

    /// <summary>The credential whose Secret made the signature; <see langword="null"/> unless the MAC was verified.</summary>
    public Credential? Credential => _verdict.Credential;

    /// <summary>The user; <see langword="null"/> unless <see cref="IsVerified"/>.</summary>
    public ClaimsPrincipal? Principal => _verdict.Principal;

    internal SignatureStatus Status => _verdict.Status;

    internal CredentialStatus CredentialStatus => _verdict.CredentialStatus;

    internal int TransportStatus => _verdict.TransportStatus;

    internal JoinedToken? Joined => _verdict.Joined;

    internal SignatureFeature? Previous => _verdict.Previous;

    internal bool IsInterrupted => _verdict.IsInterrupted;

    // The ticket is built when somebody asks: its properties are mutable, so it cannot be shared between requests.
    AuthenticateResult? IAuthenticateResultFeature.AuthenticateResult
    {
        get
        {
            if (_signedIn is ClaimsPrincipal user)
            {
                _signedIn = AuthenticateResult.Success(new AuthenticationTicket(user, Joined?.Answer.ToProperties(), Scheme));
            }

            return (AuthenticateResult?)_signedIn;
        }

        set => _signedIn = value;
    }

    ClaimsPrincipal? IHttpAuthenticationFeature.User
    {
        get => _signedIn as ClaimsPrincipal ?? (_signedIn as AuthenticateResult)?.Principal;
        set => _signedIn = value;
    }

    /// <summary>Finds what a scheme found about the signature of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <returns>What it found; <see langword="null"/> if it was not asked.</returns>
    /// <remarks>Where an endpoint requires signatures of several parties, the user is the first one's: this finds the others.</remarks>
    public static SignatureFeature? Find(HttpContext context, string scheme)
    {
        ArgumentNullException.ThrowIfNull(context);
        SignatureFeature? feature = context.Features.Get<SignatureFeature>();
        while (feature is not null && feature.Scheme != scheme)
        {
            feature = feature.Previous;
        }

        return feature;
    }

    internal bool HasClaimed(IReplayStore store, UInt128 fingerprint) => ReferenceEquals(_verdict.ClaimedIn, store) && _verdict.Fingerprint == fingerprint;

    /// <summary>Makes the request's user this one, and answers for the default scheme: what the authentication middleware does, in one object.</summary>
    internal void SignIn(HttpContext context, ClaimsPrincipal user)
    {
        _signedIn = user;
        context.Features.Set<IHttpAuthenticationFeature>(this);
        context.Features.Set<IAuthenticateResultFeature>(this);
    }

    /// <summary>Keeps whatever user the authentication middleware names, so that the framework needs no object of its own for it.</summary>
    internal void KeepUser(HttpContext context)
    {
        if (context.Features.Get<IHttpAuthenticationFeature>() is null)
        {
            context.Features.Set<IHttpAuthenticationFeature>(this);
        }
    }
}
