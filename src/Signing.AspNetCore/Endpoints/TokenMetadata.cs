using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

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
    private readonly int _order;
    private int _compared;

    /// <param name="issuer">The public address of the endpoints, or of what stands before their prefix.</param>
    /// <param name="prefix">What they are mapped under.</param>
    /// <param name="routes">What each is called.</param>
    /// <param name="order">Of several mappings, the one with the least answers.</param>
    public TokenMetadata(Uri issuer, string prefix, TokenRoutes routes, int order)
    {
        _order = order;
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
    public void Place(RouteEndpointBuilder endpoint)
    {
        endpoint.RoutePattern = RoutePatternFactory.Parse(Route);
        endpoint.Order = _order;
    }

    /// <summary>Warns, once, if a group puts the endpoint elsewhere than clients are told: a group's prefix stands in the endpoint alone.</summary>
    /// <param name="endpoint">The endpoint as it is mapped, groups included.</param>
    /// <param name="route">What it is called below the prefix.</param>
    /// <param name="logger">Takes the warning.</param>
    public void Compare(RouteEndpointBuilder endpoint, string route, ILogger logger)
    {
        string mapped = $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}";
        string told = AddressOf(route);

        // What a gateway, or UsePathBase, takes away stands before it.
        if (_order == TokenMappings.First && !told.EndsWith(mapped, StringComparison.OrdinalIgnoreCase) && Interlocked.Exchange(ref _compared, 1) == 0)
        {
            logger.EndpointElsewhere(told, mapped);
        }
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
                writer.WriteString(name, AddressOf(route));
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

    private string AddressOf(string route) => $"{_base}/{route.TrimStart('/')}";
}
