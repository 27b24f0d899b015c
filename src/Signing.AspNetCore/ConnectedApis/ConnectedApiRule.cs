using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Says which APIs a user is connected to. Only the identities of our own schemes count: any issuer of foreign ones may use a claim of the same name.</summary>
internal sealed class ConnectedApiRule(IEnumerable<SignatureScheme> signatures, IEnumerable<TokenScheme> tokens)
{
    private readonly FrozenSet<string> _schemes =
        signatures.Select(scheme => scheme.Name).Concat(tokens.Select(scheme => scheme.Name)).ToFrozenSet(StringComparer.Ordinal);

    public bool Permits(ClaimsPrincipal user, string api)
    {
        foreach (ClaimsIdentity identity in user.Identities)
        {
            if (identity.AuthenticationType is { } scheme && _schemes.Contains(scheme) && identity.HasClaim(SignatureClaimNames.ConnectedApi, api))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives the APIs that an endpoint asks for and a user is not connected to; allocates only if there are any.</summary>
    public IReadOnlyList<string> MissingOf(Endpoint? endpoint, ClaimsPrincipal user)
    {
        IReadOnlyList<ConnectedApiRequirement> required = endpoint?.Metadata.GetOrderedMetadata<ConnectedApiRequirement>() ?? [];
        if (required.Count == 0 || endpoint!.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return [];
        }

        List<string>? missing = null;
        for (int i = 0; i < required.Count; i++)
        {
            string api = required[i].Name;
            if (!Permits(user, api) && missing?.Contains(api) != true)
            {
                (missing ??= []).Add(api);
            }
        }

        return missing ?? [];
    }
}
