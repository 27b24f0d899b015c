using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Options of schemes that are bound to a configuration which is reloaded while the API runs.</summary>
public sealed class OptionsReloadTests
{
    private const string Valid = """{"Api":{"Realm":"before"}}""";

    [Theory]
    [InlineData(Door.Middleware, """{"Api":{"PublicOrigin":"ftp://api.example.com"}}""")]
    [InlineData(Door.Scheme, """{"Api":{"PublicOrigin":"ftp://api.example.com"}}""")]
    [InlineData(Door.Middleware, """{"Api":{"Policy":{"MaxAge":"-00:01:00"}}}""")]
    [InlineData(Door.Scheme, """{"Api":{"Policy":{"MaxAge":"soon"}}}""")]
    [InlineData(Door.Middleware, """{"Api":{"Policy":{"MaxAge":"00:02:00"},"Replay":{"Capacity":1}}}""")]
    public async Task A_reload_that_is_invalid_keeps_the_last_valid_options_and_is_logged(Door door, string invalid)
    {
        var live = new LiveConfiguration(Valid);
        await using ApiHost host = await StartAsync(live, door);
        RequestDraft draft = host.Draft();
        Assert.Equal(200, (await host.SendAsync(draft)).Status);

        live.Replace(invalid);

        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        Assert.Equal("replayed", (await host.SendAsync(draft)).Code);
        RequestDraft unsigned = host.Draft();
        unsigned.Signed = false;
        RawAnswer refused = await host.SendAsync(unsigned);
        Assert.Equal(401, refused.Status);
        Assert.Contains("realm=\"before\"", refused["WWW-Authenticate"], StringComparison.Ordinal);
        LogLine logged = Assert.Single(host.Log.Alarms);
        Assert.Equal((LogLevel.Error, 12), (logged.Level, logged.Id));
        Assert.Contains("Signature", logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_valid_reload_holds_again()
    {
        var live = new LiveConfiguration(Valid);
        await using ApiHost host = await StartAsync(live, Door.Scheme);
        RequestDraft unsigned = host.Draft();
        unsigned.Signed = false;

        live.Replace("""{"Api":{"Realm":"after","PublicOrigin":"nowhere"}}""");
        live.Replace("""{"Api":{"Realm":"after"}}""");

        Assert.Contains("realm=\"after\"", (await host.SendAsync(unsigned))["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_of_tokens_keeps_its_last_valid_options_too()
    {
        var live = new LiveConfiguration(Valid);
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Build = builder => ((IConfigurationBuilder)builder.Configuration).Add(live),
            Schemes = static authentication => authentication.Services.AddOptions<AccessTokenOptions>("AccessToken").BindConfiguration("Token"),
        });
        (string access, _) = await api.LogInAsync();

        live.Replace("""{"Token":{"Header":"not a field"}}""");

        Assert.Equal(200, (await api.GetAsync(access)).Status);
        Assert.Equal(401, (await api.GetAsync("sgn_access_none")).Status);
    }

    [Fact]
    public async Task Options_that_are_invalid_from_the_beginning_stop_the_start()
    {
        var live = new LiveConfiguration("""{"Api":{"Policy":{"MaxAge":"soon"}}}""");

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => StartAsync(live, Door.Scheme));
    }

    [Theory]
    [InlineData("""{"Api":{"Policy":{"FutureSkew":"00:00:01"}}}""", "replayed")]
    [InlineData("""{"Api":{"Policy":{"FutureSkew":"00:00:01","MaxAge":"00:02:00"}}}""", "replay_before_floor")]
    public async Task A_reload_that_lowers_the_future_skew_does_not_let_a_request_in_twice(string reload, string code)
    {
        var live = new LiveConfiguration("""{"Api":{"Policy":{"FutureSkew":"00:01:00"}}}""");
        await using ApiHost host = await StartAsync(live, Door.Middleware, pastTheFloor: false);
        RequestDraft draft = host.Draft();
        draft.Created += TimeSpan.FromSeconds(50);
        Assert.Equal(200, (await host.SendAsync(draft)).Status);

        live.Replace(reload);
        Assert.Equal("created_in_future", (await host.SendAsync(draft)).Code);
        host.Clock.Advance(TimeSpan.FromSeconds(51));

        Assert.Equal(code, (await host.SendAsync(draft)).Code);
    }

    [Theory]
    [InlineData(Door.Middleware)]
    [InlineData(Door.Scheme)]
    public async Task A_reload_while_the_clock_is_set_back_does_not_let_a_request_in_twice(Door door)
    {
        var live = new LiveConfiguration(Valid);
        await using ApiHost host = await StartAsync(live, door);
        RequestDraft draft = host.Draft();
        Assert.Equal(200, (await host.SendAsync(draft)).Status);

        host.Clock.SetClock(draft.Created.AddMinutes(-1));
        live.Replace("""{"Api":{"Policy":{"MaxAge":"00:02:00"}}}""");
        Assert.Equal("created_in_future", (await host.SendAsync(draft)).Code);
        host.Clock.SetClock(draft.Created);

        Assert.Equal("replay_before_floor", (await host.SendAsync(draft)).Code);
    }

    [Fact]
    public async Task A_request_that_began_before_a_reload_does_not_begin_the_memory_anew()
    {
        var live = new LiveConfiguration(Valid);
        var entered = new TaskCompletionSource();
        var reloaded = new TaskCompletionSource();
        await using ApiHost host = await StartAsync(live, Door.Scheme, map: app => app.Map("/slow", async context =>
        {
            await context.AuthenticateAsync(SignatureDefaults.AuthenticationScheme);
            entered.SetResult();
            await reloaded.Task;
            await context.ChallengeAsync(SignatureDefaults.AuthenticationScheme);
        }));
        Task<RawAnswer> slow = host.SendAsync(host.Draft(target: "/slow"));
        await entered.Task;
        live.Replace("""{"Api":{"Policy":{"MaxAge":"00:02:00"}}}""");
        Assert.Equal("replay_before_floor", (await host.SendAsync(host.Draft())).Code);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        RequestDraft draft = host.Draft();
        Assert.Equal(200, (await host.SendAsync(draft)).Status);

        reloaded.SetResult();
        await slow;

        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        Assert.Equal("replayed", (await host.SendAsync(draft)).Code);
    }

    // In Development, where no floor stands at the start.
    private static Task<ApiHost> StartAsync(LiveConfiguration live, Door door, bool pastTheFloor = true, Action<WebApplication>? map = null) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Environment = "Development",
        PastTheFloor = pastTheFloor,
        Map = map ?? (static _ => { }),
        Build = builder =>
        {
            ((IConfigurationBuilder)builder.Configuration).Add(live);
            builder.Services.AddOptions<SignatureOptions>(SignatureDefaults.AuthenticationScheme).BindConfiguration("Api");
        },
    });
}
