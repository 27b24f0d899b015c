using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>The identity of one version of a credential; closed, because requests share it.</summary>
internal sealed class SignatureIdentity(Credential credential, string scheme, string? issuer)
    : ClaimsIdentity(ClaimsOf(credential, issuer), scheme, SignatureClaimNames.KeyId, DefaultRoleClaimType)
{
    public static InvalidOperationException Closed() => new(
        "The user of a verified signature is shared by all requests of its credential and cannot be changed. "
        + "Set SignatureValidatedContext.Principal in SignatureEvents.OnValidated to an open copy (Principal.Clone()), "
        + "or register an IClaimsTransformation, which is handed such a copy.");

    public override void AddClaim(Claim claim) => throw Closed();

    public override void AddClaims(IEnumerable<Claim?> claims) => throw Closed();

    public override void RemoveClaim(Claim? claim) => throw Closed();

    public override bool TryRemoveClaim(Claim? claim) => throw Closed();

    private static IEnumerable<Claim> ClaimsOf(Credential credential, string? issuer)
    {
        yield return Of(SignatureClaimNames.KeyId, credential.Key);
        yield return Of(SignatureClaimNames.CredentialId, credential.Id);
        if (credential.ApplicationId is not null)
        {
            yield return Of(SignatureClaimNames.Application, credential.ApplicationId);
        }

        if (credential.WorkspaceId is not null)
        {
            yield return Of(SignatureClaimNames.Workspace, credential.WorkspaceId);
        }

        if (credential.Environment is not null)
        {
            yield return Of(SignatureClaimNames.Environment, credential.Environment);
        }

        foreach (string scope in credential.Scopes)
        {
            yield return Of(SignatureClaimNames.Scope, scope);
        }

        Claim Of(string type, string value) => new(type, value, ClaimValueTypes.String, issuer);
    }
}
