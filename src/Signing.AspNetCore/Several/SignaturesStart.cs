using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Builds the endpoints when the host starts if there are several schemes: what <see cref="SignaturesRules"/> refuses stops it then, not at the first request.</summary>
internal sealed class SignaturesStart(IEnumerable<SignatureScheme> schemes) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        next(application);
        if (schemes.Skip(1).Any())
        {
            _ = application.ApplicationServices.GetService<EndpointDataSource>()?.Endpoints.Count;
        }
    };
}
