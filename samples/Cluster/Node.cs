using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.PostgreSql;

namespace Cluster;

/// <summary>One API node. Any number of these share everything through the database that the connection string names.</summary>
internal static class Node
{
    public static async Task<int> RunAsync(string[] args)
    {
        // In Development the key ring may be in plain, and the operators' page opens for this machine without policies.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, EnvironmentName = Environments.Development });
        builder.Logging.SetMinimumLevel(LogLevel.Error);

        // A start that fails is told of below.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        var database = builder.Configuration.GetConnectionString("Signing") ?? throw new InvalidOperationException("Set ConnectionStrings__Signing.");

        // Credentials, grants, replay claims and, because they seal the secrets, Data Protection keys.
        builder.Services.AddSigningPostgreSql(database, configure: builder.Configuration.GetSection("PostgreSql").Bind);
        builder.Services.AddDataProtection().SetApplicationName("Cluster").PersistKeysToPostgreSql();
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri(Balancer.PublicAddress, "/auth"));
        builder.Services.AddAuthentication(SignatureDefaults.AuthenticationScheme)
            .AddMessageSignature(signature => signature.PublicOrigin = Balancer.PublicAddress)
            .AddAccessToken();
        builder.Services.AddAuthorization();
        builder.Services.AddProblemDetails();
        builder.Services.AddSigningManagement();

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders/{id:int}", (int id, ClaimsPrincipal caller) => new { id, caller = caller.Identity!.Name })
            .RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(SignatureDefaults.AuthenticationScheme, AccessTokenDefaults.AuthenticationScheme)
                .RequireAuthenticatedUser());
        app.MapTokenEndpoints("/auth");
        app.MapSigningManagement("/signing");
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (PostgreSqlStartException exception)
        {
            // It says what to do.
            Console.WriteLine(exception.Message);
            return 1;
        }

        Console.WriteLine($"{NodeProcess.Ready}{app.Urls.First()}");
        Task ending = builder.Configuration.GetValue("StopWithInput", false) ? StopWithInputAsync(app.Lifetime) : Task.CompletedTask;
        await app.WaitForShutdownAsync(CancellationToken.None);
        await ending;
        return 0;
    }

    // Whoever has started this process holds its input open; when that process ends, however it does, so does this one.
    private static async Task StopWithInputAsync(IHostApplicationLifetime lifetime)
    {
        try
        {
            await Console.OpenStandardInput().CopyToAsync(Stream.Null, CancellationToken.None).WaitAsync(lifetime.ApplicationStopping);
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // It stops already, by Ctrl+C for example.
        }
    }
}
