using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>Tells by which token of ours a request was let in, where a claims transformation of the host's may have made another user of it.</summary>
public sealed class TokenFeature
{
    internal TokenFeature(ClaimsPrincipal principal) => Principal = principal;

    /// <summary>The user as the scheme found it, before any transformation; not to be changed.</summary>
    public ClaimsPrincipal Principal { get; }
}
