using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Browser.Tests.Support;

/// <summary>Signs in whoever the cookie <c>person</c> names, with the roles that it names: <c>dana.viewer.manager</c>.</summary>
public sealed class Person(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Person";
    public const string Cookie = "person";
    public const string Role = "role";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[Cookie] is not { Length: > 0 } person)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        string[] parts = person.Split('.');
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, parts[0]), .. parts.Skip(1).Select(role => new Claim(Role, role))], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}
