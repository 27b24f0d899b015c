using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Tells the credentials that this API gives to its customers from the people who manage them.</summary>
internal static class OwnCredential
{
    /// <summary>The reserved scope, which lets a credential manage credentials as far as the policies permit.</summary>
    public const string ManageScope = "signing.manage";

    /// <summary>Says whether a request is a credential's of ours that may not manage.</summary>
    public static bool IsRefused(HttpContext context) =>
        HasRefused(context.User)
        || (context.Features.Get<TokenFeature>() is { Principal: var token } && HasRefused(token))
        || (context.Features.Get<SignatureFeature>() is { IsVerified: true, Credential: { } credential } && !credential.Scopes.Contains(ManageScope, StringComparer.Ordinal));

    /// <summary>Says whether everything that a request is known by is a credential of ours, which no browser sends by itself.</summary>
    public static bool IsAlone(ClaimsPrincipal user) => user.Identities.Any(IsOwn) && user.Identities.All(identity => IsOwn(identity) || !identity.IsAuthenticated);

    /// <summary>Says whether the credential behind a request, and the sharing key if there is one, have the scope now: an access token keeps for some minutes what they had at the login.</summary>
    public static async ValueTask<bool> StillManagesAsync(HttpContext context, ICredentialStore store)
    {
        IEnumerable<ClaimsPrincipal> users = context.Features.Get<TokenFeature>() is { Principal: var token } ? [context.User, token] : [context.User];
        foreach (Claim claim in users.SelectMany(static user => user.Identities).Where(IsOwn).SelectMany(static identity => identity.Claims))
        {
            // What another source has, such as the configuration, is not in the store.
            IReadOnlyList<string>? scopes = claim.Type switch
            {
                SignatureClaimNames.CredentialId => (await store.GetAsync<CredentialRecord>(claim.Value, context.RequestAborted).ConfigureAwait(false))?.Scopes,
                SignatureClaimNames.SharingKey => (await store.GetAsync<SharingKeyRecord>(claim.Value, context.RequestAborted).ConfigureAwait(false))?.Scopes,
                _ => null,
            };
            if (scopes?.Contains(ManageScope, StringComparer.Ordinal) == false)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasRefused(ClaimsPrincipal user) => user.Identities.Any(static identity => IsOwn(identity) && !identity.HasClaim(SignatureClaimNames.Scope, ManageScope));

    private static bool IsOwn(ClaimsIdentity identity) => identity.HasClaim(static claim => claim.Type is SignatureClaimNames.KeyId or SignatureClaimNames.CredentialId);
}
