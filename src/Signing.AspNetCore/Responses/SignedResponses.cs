namespace Signing.AspNetCore;

/// <summary>Names the endpoints whose responses are signed; an endpoint's own <see cref="SignResponseAttribute"/> goes before it.</summary>
public enum SignedResponses
{
    /// <summary>Those that say so, with <c>SignResponse()</c> or the attribute.</summary>
    OfMarkedEndpoints = 0,

    /// <summary>Those as well, whenever a request asks for it with an <c>Accept-Signature</c> that the policy lets be met, be it under another label.</summary>
    WhenAsked,

    /// <summary>All of them, and what is answered without an endpoint.</summary>
    All,
}
