using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.Management;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class StartTests
{
    [Fact]
    public async Task Without_policies_the_host_does_not_start_outside_Development()
    {
        InvalidOperationException refusal = await RefusalAsync<InvalidOperationException>(new ManagementHostSettings { Policies = false });

        Assert.Contains("Policies.Viewer", refusal.Message);
    }

    [Fact]
    public async Task A_policy_that_is_not_registered_stops_the_start()
    {
        InvalidOperationException refusal = await RefusalAsync<InvalidOperationException>(
            new ManagementHostSettings { Options = static options => options.Policies.Revealer = "revealler" });

        Assert.Contains("revealler", refusal.Message);
    }

    [Fact]
    public async Task A_policy_without_a_scheme_on_a_host_without_a_default_one_is_warned_of()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = static services => services
                .PostConfigure<AuthenticationOptions>(static options => options.DefaultScheme = null)
                .AddAuthorizationBuilder().AddPolicy("staff", static policy => policy.RequireRole("staff")),
            Options = static options => options.Policies.Revealer = "staff",
        });
        await using ManagementHost usual = await ManagementHost.StartAsync();

        Assert.Contains(host.Log.Lines, static line => line.Text.Contains("The policy staff", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, static line => line.Text.Contains("The policy viewer", StringComparison.Ordinal));
        Assert.DoesNotContain(usual.Log.Lines, static line => line.Text.Contains("names no authentication scheme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AllowAnonymous_on_what_was_mapped_stops_the_start()
    {
        InvalidOperationException refusal = await RefusalAsync<InvalidOperationException>(new ManagementHostSettings { Map = static app => app.MapSigningManagement("/signing").AllowAnonymous() });

        Assert.Contains("AllowAnonymous", refusal.Message);
    }

    [Fact]
    public async Task AllowAnonymous_on_a_group_around_it_stops_the_start_even_in_Development()
    {
        InvalidOperationException refusal = await RefusalAsync<InvalidOperationException>(new ManagementHostSettings
        {
            Environment = "Development",
            Policies = false,
            Map = static app =>
            {
                RouteGroupBuilderOf(app).MapSigningManagement("/signing");
            },
        });

        Assert.Contains("AllowAnonymous", refusal.Message);
    }

    [Fact]
    public async Task An_antiforgery_token_that_has_no_header_stops_the_start()
    {
        InvalidOperationException refusal = await RefusalAsync<InvalidOperationException>(
            new ManagementHostSettings { Services = static services => services.AddAntiforgery(static options => options.HeaderName = null) });

        Assert.Contains("HeaderName", refusal.Message);
    }

    [Theory]
    [InlineData("Viewer")]
    [InlineData("Environments")]
    [InlineData("Environments", "Live")]
    [InlineData("Environments", "live", "live")]
    [InlineData("Environments", "live", "")]
    [InlineData("Environments", "live-1")]
    [InlineData("Environments", "live1234567890123")]
    [InlineData("MaxBodyBytes")]
    [InlineData("Policies")]
    public async Task A_wrong_option_stops_the_start_by_name(string option, params string[] environments)
    {
        OptionsValidationException refusal = await RefusalAsync<OptionsValidationException>(new ManagementHostSettings
        {
            Options = options =>
            {
                switch (option)
                {
                    case "Viewer":
                        options.Policies.Viewer = null;
                        break;
                    case "Environments":
                        options.Environments = environments;
                        break;
                    case "MaxBodyBytes":
                        options.MaxBodyBytes = 12;
                        break;
                    default:
                        options.Policies = null!;
                        break;
                }
            },
        });

        Assert.Contains(option, refusal.Message);
    }

    [Fact]
    public void Mapping_what_was_not_registered_says_what_to_call()
    {
        using WebApplication nothing = ApiHost.CreateBuilder().Build();
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddSigningManagement();
        using WebApplication noStore = builder.Build();

        Assert.Contains("AddSigningManagement", Assert.Throws<InvalidOperationException>(() => nothing.MapSigningManagement()).Message);
        Assert.Contains("AddSigningCredentialFile", Assert.Throws<InvalidOperationException>(() => noStore.MapSigningManagement()).Message);
    }

    [Fact]
    public void Adding_it_twice_adds_to_its_configuration()
    {
        var services = new ServiceCollection();
        services.AddSigningManagement(options => options.Environments = ["live"]);
        int count = services.Count;

        services.AddSigningManagement(options => options.MaxBodyBytes = 4096);

        Assert.Equal(count + 1, services.Count);
        using ServiceProvider provider = services.BuildServiceProvider();
        ManagementOptions options = provider.GetRequiredService<IOptions<ManagementOptions>>().Value;
        Assert.Equal((1, 4096), (options.Environments.Count, options.MaxBodyBytes));
    }

    private static Microsoft.AspNetCore.Routing.RouteGroupBuilder RouteGroupBuilderOf(WebApplication app)
    {
        var group = app.MapGroup("/ops");
        group.AllowAnonymous();
        return group;
    }

    private static async Task<T> RefusalAsync<T>(ManagementHostSettings settings)
        where T : Exception
        => await Assert.ThrowsAsync<T>(async () =>
        {
            await using ManagementHost host = await ManagementHost.StartAsync(settings);
        });
}
