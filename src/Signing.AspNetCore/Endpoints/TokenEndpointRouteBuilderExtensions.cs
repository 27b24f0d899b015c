using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints that issue, refresh, revoke and introspect tokens.</summary>
public static class TokenEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>login</c>, <c>refresh</c>, <c>token</c>, <c>revoke</c> and <c>introspect</c> below a prefix, and the metadata of RFC 8414 where it belongs.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="prefix">The prefix, such as <c>/auth</c>.</param>
    /// <returns>A builder for all that was mapped.</returns>
    /// <exception cref="InvalidOperationException"><c>AddSigningTokens</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">An option of the tokens is wrong.</exception>
    public static IEndpointConventionBuilder MapTokenEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "/auth") =>
        endpoints.MapTokenEndpoints(prefix, static _ => { });

    /// <summary>Maps <c>login</c>, <c>refresh</c>, <c>token</c>, <c>revoke</c> and <c>introspect</c> below a prefix, and the metadata of RFC 8414 where it belongs.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="prefix">The prefix, such as <c>/auth</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>A builder for all that was mapped.</returns>
    /// <exception cref="InvalidOperationException"><c>AddSigningTokens</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">An option is wrong.</exception>
    /// <remarks>
    /// They are open to anonymous callers, because they authenticate by themselves. Behind a gateway the address that limits
    /// count by is the gateway's, unless ASP.NET's forwarded-headers middleware restores the caller's.
    /// </remarks>
    public static IEndpointConventionBuilder MapTokenEndpoints(this IEndpointRouteBuilder endpoints, string prefix, Action<TokenEndpointOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TokenEndpointOptions();
        configure(options);
        options.Validate();
        IServiceProvider services = endpoints.ServiceProvider;
        TokenIssuer issuer = services.GetService<TokenIssuer>()
            ?? throw new InvalidOperationException("No issuer of tokens is registered. Call services.AddSigningTokens(options => options.Issuer = …) before the application is built.");
        TokenOptions tokens = services.GetRequiredService<IOptions<TokenOptions>>().Value;
        var limits = new TokenLimits(options);
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(limits.Dispose);
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(SignatureDefaults.TelemetryName);
        LastUses uses = services.GetRequiredService<LastUses>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        var clients = new ClientAuthentication(
            services.GetRequiredService<RequestVerifiers>(), options.SignatureScheme, services.GetRequiredService<ICredentialSource>(),
            tokens.Environment, uses, time, logger);

        // Built now, so that the replay store remembers from the start and not from the first login.
        _ = clients.Signatures;
        var gate = new TokenGate(clients, limits, tokens.Issuer!, services.GetRequiredService<TokenMetrics>(), logger);
        var audit = new SharingKeyAudit(services.GetService<ICredentialStore>(), time, logger);
        var handlers = new TokenEndpoints(options, tokens, issuer, services.GetRequiredService<ISharingKeySource>(), audit, gate, uses, time, logger);
        var metadata = new TokenMetadata(tokens.Issuer!, prefix, options.Routes, services.GetRequiredService<TokenMappings>().NextOrder());

        RouteGroupBuilder all = endpoints.MapGroup("").WithMetadata(new SecretContent());
        RouteGroupBuilder group = all.MapGroup(prefix);
        Map(group, options.Routes.Login, handlers.LogInAsync);
        Map(group, options.Routes.Refresh, handlers.RefreshAsync);
        MapTold(options.Routes.Token, handlers.TokenAsync);
        MapTold(options.Routes.Revoke, handlers.RevokeAsync);
        MapTold(options.Routes.Introspect, handlers.IntrospectAsync);
        all.MapGet(metadata.Route, metadata.WriteAsync).Add(endpoint => metadata.Place((RouteEndpointBuilder)endpoint));
        return all.AllowAnonymous();

        // The metadata tells clients where these are.
        void MapTold(string? route, RequestDelegate handler) =>
            Map(group, route, handler)?.Finally(endpoint => metadata.Compare((RouteEndpointBuilder)endpoint, route!, logger));
    }

    private static IEndpointConventionBuilder? Map(RouteGroupBuilder group, string? route, RequestDelegate handler) =>
        route is null ? null : group.MapPost(route, handler);
}
