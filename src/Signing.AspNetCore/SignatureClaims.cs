using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>Says in claims whose a request is: the client that acts, and the workspace whose data it may touch.</summary>
internal static class SignatureClaims
{
    /// <summary>Gives the claims of a credential, or of the grant that it got by logging in, narrowed to what its sharing key has if there is one.</summary>
    public static IEnumerable<Claim> Of(Grant? grant, Credential credential, IReadOnlyList<string>? shared, string? issuer)
    {
        yield return Of(SignatureClaimNames.KeyId, credential.Key);
        yield return Of(SignatureClaimNames.CredentialId, credential.Id);
        if (credential.ApplicationId is not null)
        {
            yield return Of(SignatureClaimNames.Application, credential.ApplicationId);
        }

        string? workspace = grant is null ? credential.WorkspaceId : grant.WorkspaceId;
        if (workspace is not null)
        {
            yield return Of(SignatureClaimNames.Workspace, workspace);
        }

        if (grant?.SharingKeyId is not null)
        {
            yield return Of(SignatureClaimNames.SharingKey, grant.SharingKeyId);
            if (grant.ActingWorkspaceId is not null)
            {
                yield return Of(SignatureClaimNames.ActingWorkspace, grant.ActingWorkspaceId);
            }
        }

        if (credential.Environment is not null)
        {
            yield return Of(SignatureClaimNames.Environment, credential.Environment);
        }

        foreach (string scope in grant is null ? credential.Scopes : grant.Scopes)
        {
            yield return Of(SignatureClaimNames.Scope, scope);
        }

        // On another workspace's data a client reaches what both sides have: what it is connected to, and what the key lists.
        foreach (string api in credential.ConnectedApis)
        {
            if (grant?.SharingKeyId is null || shared?.Contains(api, StringComparer.Ordinal) == true)
            {
                yield return Of(SignatureClaimNames.ConnectedApi, api);
            }
        }

        Claim Of(string type, string value) => new(type, value, ClaimValueTypes.String, issuer);
    }
}
