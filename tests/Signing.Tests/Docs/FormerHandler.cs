using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Tests.Docs;

/// <summary>Stands for the format that an API had before: a MAC over method and path in a field of its own.</summary>
internal sealed class FormerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Field = "X-Former-Mac";

    public static string Sign(string method, string path) =>
        Convert.ToHexString(HMACSHA256.HashData("the secret of the former format"u8, Encoding.UTF8.GetBytes(method + path)));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string sent = Request.Headers[Field].ToString();
        if (sent.Length == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        byte[] expected = Encoding.ASCII.GetBytes(Sign(Request.Method, Request.Path));
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "former")], Scheme.Name));
        return Task.FromResult(CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(sent), expected)
            ? AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name))
            : AuthenticateResult.Fail("wrong"));
    }
}
