using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.Management;

/// <summary>Asks the host's policies who may do what; the one place where they are evaluated.</summary>
internal sealed class ManagementAccess(ManagementOptions options, bool isDevelopment)
{
    /// <summary>Whether nobody but the machine's own browser is let in: no policies, which only Development permits.</summary>
    public bool IsOpen { get; } = isDevelopment && !options.Policies.Named.Any();

    public async ValueTask<Verdict> JudgeAsync(HttpContext context, ManagementRole role, object resource)
    {
        if (IsOpen)
        {
            return OwnCredential.IsRefused(context) ? Verdict.NotManaging : OpenDoor.IsOpen(context) ? Verdict.Allowed : Verdict.NotLocal;
        }

        if (await PolicyOfAsync(context, role).ConfigureAwait(false) is not { } policy)
        {
            // The two that only narrow permit what they do not speak of; any other that is not set is nobody's.
            return role is ManagementRole.Integrations or ManagementRole.ApiTokens ? Verdict.Allowed : Verdict.Denied;
        }

        IPolicyEvaluator evaluator = context.RequestServices.GetRequiredService<IPolicyEvaluator>();
        AuthenticateResult user = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        if (OwnCredential.IsRefused(context))
        {
            return Verdict.NotManaging;
        }

        PolicyAuthorizationResult result = await evaluator.AuthorizeAsync(policy, user, context, resource).ConfigureAwait(false);
        return result.Succeeded ? Verdict.Allowed : result.Challenged ? Verdict.NotSignedIn : Verdict.Denied;
    }

    /// <summary>Asks for a sign-in, as the scheme of the host's does it.</summary>
    public async Task ChallengeAsync(HttpContext context)
    {
        AuthorizationPolicy? policy = await PolicyOfAsync(context, ManagementRole.Viewer).ConfigureAwait(false);
        if (policy is { AuthenticationSchemes.Count: > 0 })
        {
            foreach (string scheme in policy.AuthenticationSchemes)
            {
                await context.ChallengeAsync(scheme).ConfigureAwait(false);

                // The first that sends people somewhere, or has answered, is not talked over by the next.
                if (context.Response.HasStarted || context.Response.StatusCode is >= 300 and < 400)
                {
                    return;
                }
            }

            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes
            && await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false) is { } usual)
        {
            await context.ChallengeAsync(usual.Name).ConfigureAwait(false);
        }
    }

    private async ValueTask<AuthorizationPolicy?> PolicyOfAsync(HttpContext context, ManagementRole role)
    {
        string? name = role switch
        {
            ManagementRole.Viewer => options.Policies.Viewer,
            ManagementRole.Manager => options.Policies.Manager,
            ManagementRole.Revealer => options.Policies.Revealer,
            ManagementRole.Administrator => options.Policies.Administrator,
            ManagementRole.Integrations => options.Policies.Integrations,
            ManagementRole.ApiTokens => options.Policies.ApiTokens,
            _ => null,
        };
        return name is null ? null : await context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name).ConfigureAwait(false);
    }
}
