using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Signing.Benchmarks.Load;

/// <summary>A Kestrel behind one door, in a process of its own, until its input ends.</summary>
internal static class LoadServer
{
    public const string Key = Workload.KeyId;
    public const string Secret = Workload.Secret;

    /// <summary>Room for what one key signs in all rounds: a key may hold a quarter.</summary>
    public const int Claims = 1 << 26;

    public const string AllocatedPath = "/allocated";
    public const string SignInPath = "/sign-in";
    public const string TokenPath = "/auth";

    private static readonly byte[] Answer = "{\"id\":741}"u8.ToArray();

    public static async Task<int> RunAsync(LoadDoor door)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
            new("Signing:Credentials:0:Application", "app_benchmark"),
        ]);
        builder.Services.AddRouting();
        builder.Services.AddDataProtection();
        door.Add(builder.Services);
        WebApplication app = builder.Build();
        app.Map(AllocatedPath, static branch => branch.Run(static context =>
            context.Response.WriteAsync(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture), context.RequestAborted)));
        if (door.Proof == LoadProof.Login)
        {
            app.Map(SignInPath, static branch => branch.Run(static context => context.SignInAsync(LoadDoor.User)));
        }

        if (door.Proof == LoadProof.AccessToken)
        {
            app.Map(TokenPath, static branch => branch.UseRouting().UseEndpoints(static endpoints => endpoints.MapTokenEndpoints("/")));
        }

        door.Use(app);
        app.Run(door.Proof == LoadProof.None ? AnswerAsync : AnswerKnownAsync);
        await app.StartAsync(CancellationToken.None);
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    private static Task AnswerKnownAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return AnswerAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) ? ReadAndAnswerAsync(context) : WriteAsync(context);

    private static async Task ReadAndAnswerAsync(HttpContext context)
    {
        ReadResult read;
        do
        {
            read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
        await WriteAsync(context);
    }

    private static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Answer.Length;
        return context.Response.Body.WriteAsync(Answer, context.RequestAborted).AsTask();
    }
}
