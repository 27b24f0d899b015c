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

    private static bool HasRefused(ClaimsPrincipal user) => user.Identities.Any(static identity => IsOwn(identity) && !identity.HasClaim(SignatureClaimNames.Scope, ManageScope));

    private static bool IsOwn(ClaimsIdentity identity) => identity.HasClaim(static claim => claim.Type is SignatureClaimNames.KeyId or SignatureClaimNames.CredentialId);
}
