using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Start;

/// <summary>A <c>WebApplicationFactory</c> stops a host while the program under test stops it, too, and has perhaps disposed of it.</summary>
public sealed class StoppedAgainTests(SharedServer server)
{
    [Fact]
    public async Task A_node_that_has_ended_may_be_stopped_once_more()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSigningPostgreSql(server.Source, configure: options => options.Schema = SharedServer.NewSchema());
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        builder.Services.AddAuthentication().AddMessageSignature().AddAccessToken();
        WebApplication app = builder.Build();
        IHostedService[] services = [.. app.Services.GetServices<IHostedService>().Where(service => service.GetType().Namespace!.StartsWith("Signing", StringComparison.Ordinal))];
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        await app.DisposeAsync();

        List<Type> disturbed = [];
        foreach (IHostedService service in services)
        {
            if (await Record.ExceptionAsync(() => service.StopAsync(TestContext.Current.CancellationToken)) is not null)
            {
                disturbed.Add(service.GetType());
            }
        }

        Assert.Empty(disturbed);
        Assert.True(services.OfType<IDisposable>().Count() >= 4, "Those that run behind the requests are not among them.");
    }
}
