using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.Tests.Docs;

/// <summary>The filter of the README that tells a <c>TestServer</c>'s requests their target, line for line.</summary>
internal sealed class ToldTarget : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = context.Request.GetEncodedPathAndQuery();
            return following(context);
        });
        next(app);
    };
}
