using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Tests.Support;

/// <summary>Does what JwtBearer does: takes every bearer token for its own, accepts one, and fails on all others. Its user claims what only ours have.</summary>
public sealed class ForeignBearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Foreign";
    public const string Token = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? authorization = Request.Headers.Authorization;
        if (authorization?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) != true)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(authorization["Bearer ".Length..] == Token
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "a user"), new Claim("connected_api", "orders")], Scheme.Name, "sub", "role")), Scheme.Name))
            : AuthenticateResult.Fail("Not a JWT of mine."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = 401;
        Response.Headers.Append("WWW-Authenticate", "Bearer realm=\"foreign\"");
        return Task.CompletedTask;
    }
}
