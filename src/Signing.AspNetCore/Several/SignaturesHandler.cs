using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Enforces <see cref="SignaturesRequirement"/> where ASP.NET authorizes, whoever the user is there.</summary>
internal sealed class SignaturesHandler(RequestVerifiers verifiers) : AuthorizationHandler<SignaturesRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, SignaturesRequirement requirement)
    {
        if (context.Resource is HttpContext request && (await SeveralSignatures.VerifyAsync(request, verifiers, requirement).ConfigureAwait(false)).Answer.IsVerified)
        {
            context.Succeed(requirement);
        }
    }
}
