using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>The user of one version of a credential or grant under one scheme: built once, shared by requests, and therefore closed.</summary>
internal sealed class SignaturePrincipal : ClaimsPrincipal
{
    private readonly string _scheme;
    private readonly string? _issuer;
    private readonly IReadOnlyList<string>? _shared;
    private readonly SignaturePrincipal? _next;

    private SignaturePrincipal(Grant? grant, Credential credential, IReadOnlyList<string>? shared, string scheme, string? issuer, SignaturePrincipal? next)
        : base(new SignatureIdentity(SignatureClaims.Of(grant, credential, shared, issuer), scheme))
    {
        _scheme = scheme;
        _issuer = issuer;
        Credential = credential;
        SharingKeyId = grant?.SharingKeyId;
        _shared = shared;
        _next = next;
    }

    public Credential Credential { get; }

    /// <summary>Gets or sets the verdict of each request that was accepted with nothing to say beyond this user.</summary>
    public SignatureVerdict? Accepted { get; set; }

    /// <summary>Gets the id of the sharing key that the grant rests on.</summary>
    public string? SharingKeyId { get; }

    /// <summary>Gets the principal of a version of a credential under a scheme, which is built when it is first asked for.</summary>
    public static SignaturePrincipal Of(Credential credential, string scheme, string? issuer)
    {
        var first = (SignaturePrincipal?)credential.Principal;
        if (Find(first, credential, null, scheme, issuer) is { } principal)
        {
            return principal;
        }

        // Two requests may build it at once; either principal serves, and the one that is not kept is built again.
        var built = new SignaturePrincipal(null, credential, null, scheme, issuer, first);
        credential.Principal = built;
        return built;
    }

    /// <summary>Gets the principal of a version of a grant under a scheme, which is built when it is first asked for, and again when its credential or what its sharing key lists has changed.</summary>
    public static SignaturePrincipal Of(Grant grant, Credential credential, IReadOnlyList<string>? shared, string scheme, string? issuer)
    {
        var first = (SignaturePrincipal?)grant.Principal;
        if (Find(first, credential, shared, scheme, issuer) is { } principal)
        {
            return principal;
        }

        // What was built for former versions of either is let go.
        bool isCurrent = first is not null && first.IsOf(credential, shared);
        var built = new SignaturePrincipal(grant, credential, shared, scheme, issuer, isCurrent ? first : null);
        grant.Principal = built;
        return built;
    }

    public override void AddIdentity(ClaimsIdentity identity) => throw SignatureIdentity.Closed();

    public override void AddIdentities(IEnumerable<ClaimsIdentity> identities) => throw SignatureIdentity.Closed();

    /// <summary>Gives an open copy: unlike the base class's, its identities are copies too.</summary>
    public override ClaimsPrincipal Clone() => new(Identities.Select(identity => identity.Clone()));

    /// <summary>Says whether it is the user of a credential by its signature alone.</summary>
    public bool IsOf(Credential credential, string scheme) => SharingKeyId is null && IsOf(credential, shared: null) && _scheme == scheme;

    private static SignaturePrincipal? Find(SignaturePrincipal? principal, Credential credential, IReadOnlyList<string>? shared, string scheme, string? issuer)
    {
        while (principal is not null && !(principal.IsOf(credential, shared) && principal._scheme == scheme && principal._issuer == issuer))
        {
            principal = principal._next;
        }

        return principal;
    }

    private bool IsOf(Credential credential, IReadOnlyList<string>? shared) => ReferenceEquals(Credential, credential) && ReferenceEquals(_shared, shared);
}
