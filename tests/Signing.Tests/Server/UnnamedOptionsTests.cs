using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Settings of schemes that have no name would apply to none, and a limit that somebody believes in would not hold.</summary>
public sealed class UnnamedOptionsTests
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Api:Body:MaxBytes"] = "64" };

    public static TheoryData<string, Action<IServiceCollection>> Unnamed() => new()
    {
        { "Configure", static services => services.Configure<SignatureOptions>(options => options.Body.MaxBytes = 64) },
        { "PostConfigure", static services => services.PostConfigure<SignatureOptions>(options => options.Body.MaxBytes = 64) },
        { "AddOptions", static services => services.AddOptions<SignatureOptions>().BindConfiguration("Api") },
        { "ConfigureOptions", static services => services.ConfigureOptions<SmallBodies>() },
    };

    public static TheoryData<string, Action<IServiceCollection>> Named() => new()
    {
        { "Configure", static services => services.Configure<SignatureOptions>("Signature", options => options.Body.MaxBytes = 64) },
        { "ConfigureAll", static services => services.ConfigureAll<SignatureOptions>(options => options.Body.MaxBytes = 64) },
        { "PostConfigure", static services => services.PostConfigure<SignatureOptions>("Signature", options => options.Body.MaxBytes = 64) },
        { "PostConfigureAll", static services => services.PostConfigureAll<SignatureOptions>(options => options.Body.MaxBytes = 64) },
        { "AddOptions", static services => services.AddOptions<SignatureOptions>("Signature").BindConfiguration("Api") },
        { "ConfigureOptions", static services => services.ConfigureOptions<SmallBodiesOfEveryScheme>() },
    };

    [Theory]
    [MemberData(nameof(Unnamed))]
    public async Task Settings_without_the_name_of_a_scheme_stop_the_start_and_what_to_write_is_said(string way, Action<IServiceCollection> configure)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(configure));

        Assert.True(error.Message.Contains("Configure<SignatureOptions>(\"Signature\", ...)", StringComparison.Ordinal), way + ": " + error.Message);
        Assert.Contains("ConfigureAll<SignatureOptions>", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Named))]
    public async Task Settings_with_the_name_of_a_scheme_and_those_of_all_hold(string way, Action<IServiceCollection> configure)
    {
        long limit = 0;
        await using ApiHost api = await StartAsync(configure, services => limit = services.GetRequiredService<IOptionsMonitor<SignatureOptions>>().Get(SignatureDefaults.AuthenticationScheme).Body.MaxBytes);

        Assert.True(limit == 64, $"{way}: {limit}");
    }

    [Fact]
    public async Task The_schemes_of_tokens_are_as_strict()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync(new ApiHostSettings
        {
            Build = static builder => builder.Services.Configure<ApiTokenOptions>(static options => options.Realm = "orders"),
            Schemes = static schemes => schemes.AddApiToken(),
        }));

        Assert.Contains("Configure<ApiTokenOptions>(\"ApiToken\", ...)", error.Message, StringComparison.Ordinal);
    }

    private static Task<ApiHost> StartAsync(Action<IServiceCollection> configure, Action<IServiceProvider>? look = null) => ApiHost.StartAsync(new ApiHostSettings
    {
        Map = app => look?.Invoke(app.Services),
        Build = builder =>
        {
            builder.Configuration.AddInMemoryCollection(Settings);
            configure(builder.Services);
        },
    });

    private sealed class SmallBodies : IConfigureOptions<SignatureOptions>
    {
        public void Configure(SignatureOptions options) => options.Body.MaxBytes = 64;
    }

    private sealed class SmallBodiesOfEveryScheme : IConfigureNamedOptions<SignatureOptions>
    {
        public void Configure(SignatureOptions options) => Configure(Options.DefaultName, options);

        public void Configure(string? name, SignatureOptions options) => options.Body.MaxBytes = 64;
    }
}
