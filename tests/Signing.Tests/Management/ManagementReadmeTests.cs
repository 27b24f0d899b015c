using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class ManagementReadmeTests
{
    [Fact]
    public async Task The_host_of_the_README_lets_its_staff_in_and_a_customer_see_the_workspace_of_the_sign_up()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("signing-readme-");
        try
        {
            WebApplicationBuilder builder = ApiHost.CreateBuilder("Development");
            builder.Services.PostConfigure<CredentialFileOptions>(options => options.Path = Path.Combine(folder.FullName, "credentials.json"));
            builder.Services.AddAuthentication(PersonHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, PersonHandler>(PersonHandler.SchemeName, null);
            builder.Services.AddAuthorizationBuilder()
                .AddPolicy("staff", policy => policy.RequireRole("staff", "customer")).AddPolicy("operators", policy => policy.RequireRole("staff")).AddPolicy("admins", policy => policy.RequireRole("admin"));
            ManagementReadme.LetCustomersIn(builder.Services);
            await using WebApplication app = ManagementReadme.Build(builder);
            await app.StartAsync(TestContext.Current.CancellationToken);
            string id = await ManagementReadme.SignUpAsync(app.Services.GetRequiredService<CredentialAdministration>(), "Acme", "ann", TestContext.Current.CancellationToken);

            Assert.Contains(id, await GetAsync(app, "staff", "workspaces"));
            Assert.Contains("not_found", await GetAsync(app, "customer", "workspaces"));
            Assert.Contains("not_signed_in", await GetAsync(app, null, "workspaces"));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> GetAsync(WebApplication app, string? role, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        if (role is not null)
        {
            client.DefaultRequestHeaders.Add(PersonHandler.NameHeader, "ann");
            client.DefaultRequestHeaders.Add(PersonHandler.RolesHeader, role);
        }

        using HttpResponseMessage answer = await client.GetAsync(new Uri(new Uri(app.Urls.Single()), $"/signing/api/v1/{path}"), TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
