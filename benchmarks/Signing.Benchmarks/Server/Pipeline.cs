using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Signing.Benchmarks.Server;

/// <summary>A pipeline without a server, which handles the signed GET request again and again.</summary>
internal sealed class Pipeline : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServiceScopeFactory _scopes;
    private readonly RequestDelegate _run;
    private readonly KeyValuePair<string, string>[] _fields;

    public Pipeline(Workload workload, Action<IApplicationBuilder> use, IReplayStore? replay = null)
    {
        var services = new ServiceCollection();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Signing:Credentials:0:Key"] = Workload.KeyId,
            ["Signing:Credentials:0:Secret"] = Workload.Secret,
            ["Signing:Credentials:0:Application"] = "app_benchmark",
        }).Build();
        services.AddSingleton(configuration);
        services.AddLogging();
        services.AddSingleton(replay ?? new AcceptingReplayStore());
        services.AddAuthentication(SignatureDefaults.AuthenticationScheme).AddMessageSignature(options => options.Policy = Workload.Policy);
        _services = services.BuildServiceProvider();
        _scopes = _services.GetRequiredService<IServiceScopeFactory>();
        var app = new ApplicationBuilder(_services);
        use(app);
        app.Run(static context =>
        {
            context.Response.StatusCode = context.User.Identity?.IsAuthenticated == true ? StatusCodes.Status200OK : StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        _run = app.Build();
        _fields = workload.SignedGet;
    }

    /// <returns>200 for a verified caller, 204 for an anonymous one, else the refusal.</returns>
    public int Run()
    {
        Task<int> handled = RunAsync(_fields);
        return handled.IsCompletedSuccessfully
            ? handled.GetAwaiter().GetResult()
            : throw new InvalidOperationException("The pipeline waited for something, so its time would be wrong.", handled.Exception);
    }

    /// <returns>200 for a verified caller, 204 for an anonymous one, else the refusal.</returns>
    public async Task<int> RunAsync(KeyValuePair<string, string>[] fields)
    {
        var features = new FeatureCollection();
        var request = new HttpRequestFeature { Method = "GET", Scheme = "https", Protocol = "HTTP/1.1", Path = "/v1/orders", RawTarget = Workload.GetTarget };
        request.Headers.Host = "api.example.com";
        foreach (KeyValuePair<string, string> field in fields)
        {
            request.Headers[field.Key] = field.Value;
        }

        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        var context = new DefaultHttpContext(features);
        // A scope of its own, as every request has: within one scope a scheme answers only once.
        using var scope = new RequestServicesFeature(context, _scopes);
        features.Set<IServiceProvidersFeature>(scope);
        await _run(context);
        return context.Response.StatusCode;
    }

    public void Dispose() => _services.Dispose();
}
