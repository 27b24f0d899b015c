using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Management;

/// <summary>Stops the start of a host that would manage credentials without asking who comes, before its server listens.</summary>
internal sealed class ManagementStart(
    IOptions<ManagementOptions> options, IOptions<AntiforgeryOptions> antiforgery, IAuthorizationPolicyProvider policies, IHostEnvironment environment, ILogger<ManagementStart> logger,
    IAuthenticationSchemeProvider? schemes = null)
    : IHostedService, IStartupFilter
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ManagementPolicies named = options.Value.Policies;
        foreach (string policy in named.Named)
        {
            if (await policies.GetPolicyAsync(policy).ConfigureAwait(false) is not { } registered)
            {
                throw new InvalidOperationException($"ManagementOptions.Policies names the policy {policy}, which is not registered. Add it in AddAuthorization(options => options.AddPolicy(\"{policy}\", …)).");
            }

            if (registered.AuthenticationSchemes.Count == 0 && await HasNoDefaultAsync().ConfigureAwait(false))
            {
                logger.NoScheme(policy);
            }
        }

        if (antiforgery.Value.HeaderName is null)
        {
            throw new InvalidOperationException("AntiforgeryOptions.HeaderName must not be null: the management of credentials takes the antiforgery token in a header.");
        }

        if (named.Named.Any())
        {
            return;
        }

        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                "The management of credentials has no policies, and the host runs outside Development. Name the host's policies in AddSigningManagement(options => options.Policies.Viewer = …).");
        }

        logger.OpenInDevelopment();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Runs when the pipeline is complete, with every convention of the host's applied, and before the server listens.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        next(application);
        foreach (Endpoint endpoint in application.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<ManagementRoute>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                throw new InvalidOperationException(
                    $"The management of credentials must not be open to anonymous callers, but {endpoint.DisplayName} allows them. Remove AllowAnonymous from MapSigningManagement and from the groups around it.");
            }
        }
    };

    // A middleware of the host's may sign people in by itself, so this only warns.
    private async ValueTask<bool> HasNoDefaultAsync() =>
        schemes is not null && await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false) is null
        && (await schemes.GetAllSchemesAsync().ConfigureAwait(false)).Any();
}
