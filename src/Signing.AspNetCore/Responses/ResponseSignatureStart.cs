using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Stops the start of a host that has endpoints to sign the responses of, and nothing in its pipeline that does.</summary>
internal sealed class ResponseSignatureStart : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        next(application);
        IServiceProvider services = application.ApplicationServices;
        if (services.GetService<ResponseSigning>() is { IsUsed: true })
        {
            return;
        }

        IReadOnlyList<Endpoint> endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        if (endpoints.FirstOrDefault(static endpoint => endpoint.Metadata.GetMetadata<SignResponseAttribute>() is { Sign: true }) is { } marked)
        {
            throw NothingSigns(marked);
        }
    };

    public static InvalidOperationException NothingSigns(Endpoint? endpoint) => new(
        $"The responses of '{endpoint?.DisplayName}' are to be signed, and nothing does. Call services.AddResponseSignature() and, before whatever changes the content, app.UseResponseSignature().");
}
