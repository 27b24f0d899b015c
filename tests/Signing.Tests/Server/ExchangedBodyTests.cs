using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Hosts put streams of their own in the place of the response's: caches do, and whatever logs what is answered.</summary>
public sealed class ExchangedBodyTests
{
    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_refusal_says_its_code_behind_a_cache(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache())),
            Before = app => app.UseOutputCache(),
        });
        RequestDraft wrong = host.Draft();
        wrong.Secret = "another secret, long enough";

        RawAnswer answer = await host.SendAsync(wrong);

        Assert.Equal((401, "invalid_credential"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_refusal_says_its_code_behind_whatever_reads_along(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Door = door, Before = app => app.Use(ReadAlongAsync) });
        RequestDraft wrong = host.Draft();
        wrong.Secret = "another secret, long enough";

        RawAnswer answer = await host.SendAsync(wrong);

        Assert.Equal((401, "invalid_credential"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_diagnosis_is_whole_behind_whatever_reads_along()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = "Development",
            Before = app => app.Use(ReadAlongAsync),
            Map = app => app.MapSigningDiagnostics("/diagnosis"),
        });

        RawAnswer answer = await host.SendAsync(host.Draft(target: "/diagnosis"));

        Assert.Equal("verified", JsonDocument.Parse(answer.Body).RootElement.GetProperty("status").GetString());
    }

    private static async Task ReadAlongAsync(HttpContext context, RequestDelegate next)
    {
        Stream server = context.Response.Body;
        using var seen = new MemoryStream();
        context.Response.Body = seen;
        await next(context);
        context.Response.Body = server;
        await server.WriteAsync(seen.ToArray(), context.RequestAborted);
    }
}
