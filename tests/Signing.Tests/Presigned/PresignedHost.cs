using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>An API with an endpoint below <c>/reports</c> that takes presigned URLs; everywhere else they are off.</summary>
internal static class PresignedHost
{
    public static Task<ApiHost> StartAsync(Door door = Door.Middleware, Action<SignatureOptions>? signature = null, Action<WebApplication>? map = null, string environment = "Production") =>
        ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Environment = environment,
            Signature = signature ?? (static _ => { }),
            Map = app =>
            {
                Guard(app.Map("/reports/{**name}", AnswerAsync).AllowPresigned(), door);
                map?.Invoke(app);
            },
        });

    /// <summary>Asks for authorization where the door is a scheme; the middleware asks everybody.</summary>
    public static TBuilder Guard<TBuilder>(TBuilder builder, Door door)
        where TBuilder : IEndpointConventionBuilder => door == Door.Scheme ? builder.RequireAuthorization() : builder;

    /// <summary>Presigns a target of the host by hand, now.</summary>
    public static PresignedDraft Url(this ApiHost host, string target = "/reports/7.pdf?page=2") => new(target, host.Clock.GetUtcNow()) { Authority = host.Authority };

    /// <summary>Sends a request as a browser would: with nothing but the URL.</summary>
    public static Task<RawAnswer> FollowAsync(this ApiHost host, string target, string method = "GET", string fields = "", string? authority = null) =>
        host.SendAsync($"{method} {target} HTTP/1.1\r\nHost: {authority ?? host.Authority}\r\n{fields}\r\n");

    /// <summary>Sends a request with nothing but the URL and some fields, and says how it was answered.</summary>
    public static async Task<(int Status, string? Code)> SeenAsync(this ApiHost host, string target, string fields = "")
    {
        RawAnswer answer = await host.FollowAsync(target, fields: fields);
        return (answer.Status, answer.Code);
    }

    public static async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId) ?? "nobody";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync("report", context.RequestAborted);
        }
    }
}
