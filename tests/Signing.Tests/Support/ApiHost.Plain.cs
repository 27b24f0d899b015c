using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signing.Tests.Support;

// What needs no server of ours, so that tests of the client on other versions of .NET have it too.
public sealed partial class ApiHost
{
    public const string Key = "key-one";
    public const string Secret = "the secret of key one, long enough";

    static ApiHost() => Canary.Watch(Secret);

    /// <summary>Starts a host of a test's own: silent, on a free loopback port, with keys of its own.</summary>
    public static WebApplicationBuilder CreateBuilder(string environment = "Production")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        return builder;
    }
}
