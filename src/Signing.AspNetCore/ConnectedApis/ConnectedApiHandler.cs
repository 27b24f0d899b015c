using Microsoft.AspNetCore.Authorization;

namespace Signing.AspNetCore;

/// <summary>Enforces <see cref="ConnectedApiRequirement"/> where ASP.NET authorizes.</summary>
internal sealed class ConnectedApiHandler(ConnectedApiRule rule) : AuthorizationHandler<ConnectedApiRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ConnectedApiRequirement requirement)
    {
        if (rule.Permits(context.User, requirement.Name))
        {
            context.Succeed(requirement);
        }

        // Nothing fails here: the host may accept users of its own for the same requirement.
        return Task.CompletedTask;
    }
}
