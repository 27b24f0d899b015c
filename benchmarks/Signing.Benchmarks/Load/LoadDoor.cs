using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Benchmarks.Server;

namespace Signing.Benchmarks.Load;

/// <summary>A way to let callers in, and what they have to bring.</summary>
/// <param name="Name">What the tables call it, and the command line of a server.</param>
/// <param name="Proof">What each request carries.</param>
/// <param name="Add">Adds its services.</param>
/// <param name="Use">Puts it into the pipeline.</param>
internal sealed record LoadDoor(string Name, LoadProof Proof, Action<IServiceCollection> Add, Action<WebApplication> Use)
{
    public const string Anonymous = "anonymous";
    public const string Unread = "anonymous, given signed requests";
    public const string Middleware = "UseMessageSignature";
    public const string MiddlewareAlone = Middleware + ", no replay claim";
    public const string Nothing = "a scheme that does nothing";
    public const string Scheme = "the Signature scheme";
    public const string SchemeAlone = Scheme + ", no replay claim";
    public const string AccessToken = "the AccessToken scheme";
    public const string Bearer = "ASP.NET BearerToken";
    public const string Cookie = "ASP.NET cookie";

    public static IReadOnlyList<LoadDoor> All { get; } =
    [
        new(Anonymous, LoadProof.None, static _ => { }, static _ => { }),
        new(Unread, LoadProof.Signature, static _ => { }, UseCachedUser),
        new(Middleware, LoadProof.Signature, static services => AddSignature(services), static app => app.UseMessageSignature()),
        new(MiddlewareAlone, LoadProof.Signature, static services => AddSignature(services.AddSingleton<IReplayStore, AcceptingReplayStore>()), static app => app.UseMessageSignature()),
        new(Nothing, LoadProof.None, static services => services.AddAuthentication("nothing").AddScheme<AuthenticationSchemeOptions, CachedUserHandler>("nothing", null), UseScheme),
        new(Scheme, LoadProof.Signature, static services => AddSignature(services), UseScheme),
        new(SchemeAlone, LoadProof.Signature, static services => AddSignature(services.AddSingleton<IReplayStore, AcceptingReplayStore>()), UseScheme),
        new(AccessToken, LoadProof.AccessToken, AddAccessToken, UseScheme),
        new(Bearer, LoadProof.Login, static services => services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken(), UseScheme),
        new(Cookie, LoadProof.Login, static services => services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(), UseScheme),
    ];

    public static ClaimsPrincipal User { get; } = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, LoadServer.Key), new Claim("scope", "orders")], "benchmark"));

    private static void AddSignature(IServiceCollection services) => services.AddAuthentication(SignatureDefaults.AuthenticationScheme)
        .AddMessageSignature(options => options.Replay.Capacity = LoadServer.Claims);

    private static void AddAccessToken(IServiceCollection services)
    {
        services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        services.AddAuthentication(AccessTokenDefaults.AuthenticationScheme).AddAccessToken();
    }

    // What such requests cost the server before anybody looks at their signature.
    private static void UseCachedUser(WebApplication app) => app.Use(static (context, next) =>
    {
        context.User = User;
        return next(context);
    });

    private static void UseScheme(WebApplication app) => app.UseAuthentication();
}
