using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

/// <summary>Starts APIs that sign responses.</summary>
internal static class SigningHost
{
    public const string Text = "{\"id\":7}";

    /// <summary>Starts an API whose endpoint <c>/signed</c> is signed and answers as the test says.</summary>
    public static Task<ApiHost> StartAsync(
        RequestDelegate? answer = null,
        Door door = Door.Middleware,
        Action<ResponseSignatureOptions>? configure = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? after = null,
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? build = null,
        Action<SignatureOptions>? signature = null) => ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder =>
            {
                builder.Services.AddResponseSignature(configure ?? (static _ => { }));
                build?.Invoke(builder);
            },
            Signature = signature ?? (static _ => { }),
            Before = app =>
            {
                app.UseResponseSignature();
                before?.Invoke(app);
            },
            After = after ?? (static _ => { }),
            Map = app =>
            {
                IEndpointConventionBuilder signed = app.Map("/signed", answer ?? JsonAsync).SignResponse();
                if (door == Door.Scheme)
                {
                    signed.RequireAuthorization();
                }

                map?.Invoke(app);
            },
        });

    public static Task JsonAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Text, context.RequestAborted);
    }
}
