using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Signing.AspNetCore;

/// <summary>Gives <see cref="SignatureEvents.OnChallenge"/> the refused request and what is about to be written.</summary>
/// <remarks>Status and headers are set already, the body is not written yet.</remarks>
public sealed class SignatureChallengeContext
{
    internal SignatureChallengeContext(HttpContext httpContext, string scheme, Outcome told, Outcome reason, ProblemDetails problem)
    {
        HttpContext = httpContext;
        Scheme = scheme;
        Told = told;
        Reason = reason;
        Problem = problem;
    }

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The name of the scheme.</summary>
    public string Scheme { get; }

    /// <summary>What the caller is told.</summary>
    public Outcome Told { get; }

    /// <summary>The true reason: for the host's eyes, never for the response.</summary>
    public Outcome Reason { get; }

    /// <summary>The body, which the handler may change.</summary>
    public ProblemDetails Problem { get; }

    /// <summary>Whether the handler has written the response, so that no body follows.</summary>
    public bool Handled { get; set; }
}
