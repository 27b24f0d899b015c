using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>The identity of one version of a credential or grant; closed, because requests share it.</summary>
internal sealed class SignatureIdentity(IEnumerable<Claim> claims, string scheme)
    : ClaimsIdentity(claims, scheme, SignatureClaimNames.KeyId, DefaultRoleClaimType)
{
    public static InvalidOperationException Closed() => new(
        "The user of a verified request is shared by all requests of its credential and cannot be changed. "
        + "Set SignatureValidatedContext.Principal in SignatureEvents.OnValidated to an open copy (Principal.Clone()), "
        + "or register an IClaimsTransformation, which is handed such a copy.");

    public override void AddClaim(Claim claim) => throw Closed();

    public override void AddClaims(IEnumerable<Claim?> claims) => throw Closed();

    public override void RemoveClaim(Claim? claim) => throw Closed();

    public override bool TryRemoveClaim(Claim? claim) => throw Closed();
}
