using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Signing.Tests.Management;

/// <summary>The code of the README of Signing.Management, line for line.</summary>
internal static class ManagementReadme
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.Services.AddSigningCredentialFile("data/credentials.json");
        builder.Services.AddSigningManagement(options =>
        {
            options.Policies.Viewer = "staff";
            options.Policies.Manager = "operators";
            options.Policies.Revealer = "operators";
            options.Policies.Administrator = "admins";
        });
        var app = builder.Build();
        app.MapSigningManagement("/signing");
        return app;
    }

    public static void LetCustomersIn(IServiceCollection services)
    {
        services.AddSigningManagement(options =>
            options.Workspaces = context => new(context.User.IsInRole("staff")
                ? null
                : context.User.FindAll("workspace").Select(claim => claim.Value).ToArray()));
    }

    public static async Task<string> SignUpAsync(CredentialAdministration administration, string company, string user, CancellationToken cancellationToken)
    {
        var made = await administration.CreateWorkspaceAsync(new NewWorkspace { Name = company }, new Actor(user), cancellationToken);
        return made.Row!.Id;
    }
}
