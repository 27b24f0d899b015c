using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Signing.Tests.Management.Operators;

/// <summary>The policies of the host: of people by role, of programs by a scope of the same name, and of testers by environment.</summary>
internal static class Roles
{
    public static ManagementHostSettings Settings(bool narrows) => new()
    {
        Services = static services => services.Configure<AuthorizationOptions>(static options =>
        {
            foreach (string role in new[] { "viewer", "manager", "revealer", "administrator", "integrations", "apiTokens" })
            {
                options.AddPolicy(role, policy => policy.AddAuthenticationSchemes(PersonHandler.SchemeName, ApiTokenDefaults.AuthenticationScheme, SignatureDefaults.AuthenticationScheme)
                    .RequireAuthenticatedUser().RequireAssertion(context => Has(context.User, role) || (role == "manager" && Has(context.User, "tester") && !IsLive(context.Resource))));
            }
        }),
        Options = options => (options.Policies.Integrations, options.Policies.ApiTokens) = narrows ? ("integrations", "apiTokens") : (null, null),
    };

    private static bool Has(ClaimsPrincipal user, string role) => user.IsInRole(role) || user.HasClaim(SignatureClaimNames.Scope, $"as.{role}");

    private static bool IsLive(object? resource) => resource is CredentialRecord { Environment: "live" } or NewCredential { Environment: "live" };
}
