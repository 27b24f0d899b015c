using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>The user of one version of a credential under one scheme: built once, shared by requests, and therefore closed.</summary>
internal sealed class SignaturePrincipal : ClaimsPrincipal
{
    private readonly string _scheme;
    private readonly string? _issuer;
    private readonly SignaturePrincipal? _next;

    private SignaturePrincipal(Credential credential, string scheme, string? issuer, SignaturePrincipal? next)
        : base(new SignatureIdentity(credential, scheme, issuer))
    {
        _scheme = scheme;
        _issuer = issuer;
        _next = next;
    }

    /// <summary>Gets the principal of a version under a scheme, which is built when it is first asked for.</summary>
    public static SignaturePrincipal Of(Credential credential, string scheme, string? issuer)
    {
        var first = (SignaturePrincipal?)credential.Principal;
        for (SignaturePrincipal? principal = first; principal is not null; principal = principal._next)
        {
            if (principal._scheme == scheme && principal._issuer == issuer)
            {
                return principal;
            }
        }

        // Two requests may build it at once; either principal serves, and the one that is not kept is built again.
        var built = new SignaturePrincipal(credential, scheme, issuer, first);
        credential.Principal = built;
        return built;
    }

    public override void AddIdentity(ClaimsIdentity identity) => throw SignatureIdentity.Closed();

    public override void AddIdentities(IEnumerable<ClaimsIdentity> identities) => throw SignatureIdentity.Closed();

    /// <summary>Gives an open copy: unlike the base class's, its identities are copies too.</summary>
    public override ClaimsPrincipal Clone() => new(Identities.Select(identity => identity.Clone()));
}
