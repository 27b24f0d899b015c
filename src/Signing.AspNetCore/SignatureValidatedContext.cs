using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Gives <see cref="SignatureEvents.OnValidated"/> the request and its user.</summary>
/// <remarks>To refuse a caller who is who they say they are, use an authorization policy: that is a 403.</remarks>
public sealed class SignatureValidatedContext
{
    internal SignatureValidatedContext(HttpContext httpContext, string scheme, Credential credential, ClaimsPrincipal principal)
    {
        HttpContext = httpContext;
        Scheme = scheme;
        Credential = credential;
        Principal = principal;
    }

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The name of the scheme.</summary>
    public string Scheme { get; }

    /// <summary>The credential that proved the request.</summary>
    public Credential Credential { get; }

    /// <summary>The user; the one given is shared and closed, so to add claims set this to a changed <see cref="ClaimsPrincipal.Clone"/> of it.</summary>
    public ClaimsPrincipal Principal
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
}
