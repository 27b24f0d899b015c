using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Signing.AspNetCore;

/// <summary>RFC 8414. Tells clients where the endpoints are; every address comes from the configured issuer, none from the request.</summary>
internal sealed class TokenMetadata
{
    private const string WellKnown = "/.well-known/oauth-authorization-server";

    private static readonly string[] ClientMethods = ["client_secret_basic", "client_secret_post"];
    private static readonly string[] GrantTypes = ["client_credentials", "refresh_token"];

    private readonly Uri _issuer;
    private readonly TokenRoutes _routes;
    private readonly string _base;

    public TokenMetadata(Uri issuer, string prefix, TokenRoutes routes)
    {
        _issuer = issuer;
        _routes = routes;
        string address = issuer.OriginalString.TrimEnd('/');
        string path = prefix.Trim('/');

        // The issuer usually is the address of the endpoints; one that is not stands before their prefix.
        _base = path.Length == 0 || issuer.AbsolutePath.TrimEnd('/').EndsWith($"/{path}", StringComparison.Ordinal) ? address : $"{address}/{path}";

        // RFC 8414 §3.1: the well-known part comes between host and path of the issuer.
        Route = WellKnown + issuer.AbsolutePath.TrimEnd('/');
    }

    public string Route { get; }

    /// <summary>Puts the metadata where clients ask for it: from the root of the host, whatever group it was mapped in.</summary>
    public void Place(RouteEndpointBuilder endpoint, int order)
    {
        endpoint.RoutePattern = RoutePatternFactory.Parse(Route);
        endpoint.Order = order;
    }

    public Task WriteAsync(HttpContext context) => OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
    {
        writer.WriteString("issuer", _issuer.OriginalString);
        Address("token_endpoint", _routes.Token);
        Methods("token_endpoint_auth_methods_supported", _routes.Token);
        List("grant_types_supported", GrantTypes);

        // RFC 8414 §2 requires the member; nothing here begins with an authorization endpoint.
        List("response_types_supported", []);
        Address("revocation_endpoint", _routes.Revoke);
        Methods("revocation_endpoint_auth_methods_supported", _routes.Revoke);
        Address("introspection_endpoint", _routes.Introspect);
        Methods("introspection_endpoint_auth_methods_supported", _routes.Introspect);

        void Address(string name, string? route)
        {
            if (route is not null)
            {
                writer.WriteString(name, $"{_base}/{route.TrimStart('/')}");
            }
        }

        void Methods(string name, string? route)
        {
            if (route is not null)
            {
                List(name, ClientMethods);
            }
        }

        void List(string name, string[] values)
        {
            writer.WriteStartArray(name);
            foreach (string value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    });
}
