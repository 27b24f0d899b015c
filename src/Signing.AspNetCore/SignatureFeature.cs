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
    private ClaimsPrincipal? _user;
    private AuthenticateResult? _result;

    internal SignatureFeature(string scheme, SignatureFeature? previous)
    {
        Scheme = scheme;
        Previous = previous;
    }

    /// <summary>The name of the scheme whose policy was applied.</summary>
    public string Scheme { get; }

    /// <summary>Whether the request is its holder's: the signature verified, the credential may be used, and the signature was not used before.</summary>
    public bool IsVerified => Status == SignatureStatus.Verified && CredentialStatus == CredentialStatus.Valid;

    /// <summary>The row of the outcome, with the true reason; a caller is told only what <see cref="Outcome.Disclosure"/> permits.</summary>
    public Outcome Outcome => Joined?.Answer.Refusal is { } refusal ? refusal : CredentialStatus is CredentialStatus.None or CredentialStatus.Valid
        ? Outcome.Of(Status)
        : CredentialOutcome.Of(CredentialStatus);

    /// <summary>The credential whose Secret made the signature; <see langword="null"/> unless the MAC was verified.</summary>
    public Credential? Credential { get; internal set; }

    /// <summary>The user; <see langword="null"/> unless <see cref="IsVerified"/>.</summary>
    public ClaimsPrincipal? Principal { get; internal set; }

    /// <summary>The answer of the message: everything but the credential.</summary>
    internal SignatureStatus Status { get; set; }

    /// <summary>The answer of the credential, which may be asked only after the MAC.</summary>
    internal CredentialStatus CredentialStatus { get; set; }

    /// <summary>The HTTP status with which the server itself rejected the content while it was read; 0 if it did not.</summary>
    internal int TransportStatus { get; set; }

    /// <summary>The token that came with the signature; <see langword="null"/> if none did.</summary>
    internal JoinedToken? Joined { get; set; }

    /// <summary>What was claimed, and where: another scheme with the same store does not claim it again.</summary>
    internal UInt128 Fingerprint { get; set; }

    internal IReplayStore? ClaimedIn { get; set; }

    internal SignatureFeature? Previous { get; }

    internal static SignatureFeature? Find(HttpContext context, string scheme)
    {
        SignatureFeature? feature = context.Features.Get<SignatureFeature>();
        while (feature is not null && feature.Scheme != scheme)
        {
            feature = feature.Previous;
        }

        return feature;
    }

    /// <summary>Makes the request's user this one, and answers for the default scheme: what the authentication middleware does, in one object.</summary>
    internal void SignIn(HttpContext context, ClaimsPrincipal user)
    {
        _user = user;
        context.Features.Set<IHttpAuthenticationFeature>(this);
        context.Features.Set<IAuthenticateResultFeature>(this);
    }

    // The ticket is built when somebody asks: its properties are mutable, so it cannot be shared between requests.
    AuthenticateResult? IAuthenticateResultFeature.AuthenticateResult
    {
        get => _result ??= _user is null ? null : AuthenticateResult.Success(new AuthenticationTicket(_user, Scheme));
        set
        {
            _result = value;
            _user = value?.Principal;
        }
    }

    ClaimsPrincipal? IHttpAuthenticationFeature.User
    {
        get => _user;
        set
        {
            _user = value;
            _result = null;
        }
    }
}
