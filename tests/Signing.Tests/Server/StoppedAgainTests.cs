using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.Tests.Server;

/// <summary>A <c>WebApplicationFactory</c> stops a host while the program under test stops it, too, and has perhaps disposed of it.</summary>
public sealed class StoppedAgainTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signing-stop-");

    [Fact]
    public async Task A_host_that_has_ended_may_be_stopped_once_more()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSigningCredentialFile(Path.Combine(_folder.FullName, "credentials.json"));
        builder.Services.AddSigningTokens(tokens =>
        {
            tokens.Issuer = new Uri("https://api.example.com/auth");
            tokens.JournalPath = Path.Combine(_folder.FullName, "grants.journal");
        });
        builder.Services.AddAuthentication().AddMessageSignature().AddAccessToken();
        builder.Services.AddAuthorization().AddSigningManagement();
        WebApplication app = builder.Build();
        app.MapSigningManagement("/signing");
        IHostedService[] services = [.. app.Services.GetServices<IHostedService>().Where(service => service.GetType().Namespace!.StartsWith("Signing", StringComparison.Ordinal))];
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        await app.DisposeAsync();

        List<Type> disturbed = [];
        foreach (IHostedService service in services)
        {
            if (await Record.ExceptionAsync(() => StopAsync(service)) is not null)
            {
                disturbed.Add(service.GetType());
            }
        }

        Assert.Empty(disturbed);
        Assert.Contains(services, service => service is LastUseWriter);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task StopAsync(IHostedService service)
    {
        await service.StopAsync(TestContext.Current.CancellationToken);
        if (service is IHostedLifecycleService lifecycle)
        {
            await lifecycle.StoppedAsync(TestContext.Current.CancellationToken);
        }
    }
}
