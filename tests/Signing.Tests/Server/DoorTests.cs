using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class DoorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_signed_request_reaches_the_endpoint_as_its_key(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);

        RawAnswer answer = await host.SendAsync(host.Draft("GET", "/orders?id=7"));

        Assert.Equal((200, ApiHost.Key), (answer.Status, answer.User));
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_signed_request_over_HTTP_2_reaches_the_endpoint_as_its_key(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = host.Draft("POST", "/orders?id=7", "{}"u8.ToArray()).With("Content-Type", "application/json");
        draft.Authority = host.Http2Authority;

        RawAnswer answer = await host.SendHttp2Async(draft);

        Assert.Equal((200, ApiHost.Key, "{}"), (answer.Status, answer.User, answer.Text));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_unsigned_request_is_asked_for_a_signature(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = host.Draft();
        draft.Signed = false;

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((401, "missing_signature"), (answer.Status, answer.Code));
        Assert.Equal(0, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_endpoint_open_to_anybody_serves_the_unsigned_the_signed_and_the_badly_signed(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft unsigned = host.Draft("GET", "/open");
        unsigned.Signed = false;
        RequestDraft forged = host.Draft("GET", "/open");
        forged.Secret += "x";

        Assert.Equal((200, "nobody"), await Seen(host, unsigned));
        Assert.Equal((200, "nobody"), await Seen(host, forged));
        Assert.Equal((200, ApiHost.Key), await Seen(host, host.Draft("GET", "/open")));
    }

    [Fact]
    public async Task The_middleware_guards_paths_that_have_no_endpoint()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Map = app => app.MapGet("/only-get", () => "") });
        RequestDraft draft = host.Draft("DELETE", "/only-get");
        draft.Signed = false;

        Assert.Equal(401, (await host.SendAsync(draft)).Status);
    }

    [Fact]
    public async Task Both_doors_and_every_further_question_share_one_verdict_so_nothing_replays_itself()
    {
        var verdicts = new List<bool>();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Authorize = true,
            Before = app => app.UseAuthentication(),
            Map = app => app.MapGet("/twice", [Authorize] async (HttpContext context) =>
            {
                verdicts.Add((await context.AuthenticateAsync()).Succeeded);
                verdicts.Add((await context.AuthenticateAsync("Signature")).Succeeded);
                verdicts.Add(context.Features.GetRequiredFeature<SignatureFeature>().IsVerified);
                verdicts.Add(context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult!.Succeeded);
            }),
        });

        RequestDraft draft = host.Draft("GET", "/twice");
        RawAnswer first = await host.SendAsync(draft);
        RawAnswer second = await host.SendAsync(draft);

        Assert.Equal(200, first.Status);
        Assert.Equal([true, true, true, true], verdicts);
        Assert.Equal((401, "replayed"), (second.Status, second.Code));
        Assert.Equal(2, host.Credentials.LookUps);
    }

    [Fact]
    public async Task The_middleware_answers_for_the_default_scheme_and_each_request_gets_a_ticket_of_its_own()
    {
        var tickets = new List<AuthenticationTicket>();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Map = app => app.MapGet("/ticket", (HttpContext context) =>
                tickets.Add(context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult!.Ticket!)),
        });

        await host.SendAsync(host.Draft("GET", "/ticket"));
        await host.SendAsync(host.Draft("GET", "/ticket"));

        Assert.Equal(2, tickets.Count);
        Assert.Same(tickets[0].Principal, tickets[1].Principal);
        Assert.NotSame(tickets[0].Properties, tickets[1].Properties);
        Assert.Equal("Signature", tickets[0].AuthenticationScheme);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Alone_the_middleware_keeps_the_host_from_authenticating_before_it(bool authorize)
    {
        bool? alone = null;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Authorize = authorize,
            Before = app => app.Use(next => async context =>
            {
                alone = context.Features.Get<SignatureFeature>() is null;
                await next(context);
            }),
        });

        Assert.Equal(200, (await host.SendAsync(host.Draft())).Status);
        Assert.Equal(!authorize, alone);
    }

    [Fact]
    public async Task A_user_set_after_the_middleware_is_the_user()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Map = app => app.MapGet("/become", (HttpContext context) =>
            {
                context.User = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity("other"));
                return $"{context.User.Identity!.AuthenticationType} {context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult!.Principal!.Identity!.AuthenticationType}";
            }),
        });

        Assert.Equal("other other", (await host.SendAsync(host.Draft("GET", "/become"))).Text);
    }

    [Fact]
    public void The_middleware_says_at_once_that_its_scheme_is_not_registered()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddAuthentication().AddMessageSignature("Partners");
        WebApplication app = builder.Build();

        app.UseMessageSignature("Partners");
        var error = Assert.Throws<InvalidOperationException>(() => app.UseMessageSignature());

        Assert.Contains("AddMessageSignature(\"Signature\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_middleware_refuses_to_stand_before_routing()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddAuthentication().AddMessageSignature();
        await using WebApplication app = builder.Build();
        app.UseMessageSignature();
        app.UseRouting();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(Stop));

        Assert.Contains("UseRouting", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_call_to_UseRouting_the_host_routes_first_and_open_endpoints_are_open()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddAuthentication().AddMessageSignature();
        await using WebApplication app = builder.Build();
        app.UseMessageSignature();
        app.MapGet("/open", [AllowAnonymous] () => "open");
        app.MapGet("/closed", () => "closed");
        await app.StartAsync(Stop);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("open", await client.GetStringAsync(new Uri("/open", UriKind.Relative), Stop));
        Assert.Equal(401, (int)(await client.GetAsync(new Uri("/closed", UriKind.Relative), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_pipeline_without_routing_requires_a_signature_of_everything()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddAuthentication().AddMessageSignature();
        await using WebApplication app = builder.Build();
        app.UseMessageSignature();
        app.Run(context => context.Response.WriteAsync("reached", context.RequestAborted));
        await app.StartAsync(Stop);
        using var client = new HttpClient();

        Assert.Equal(401, (int)(await client.GetAsync(new Uri(app.Urls.First()), Stop)).StatusCode);
    }

    [Fact]
    public async Task Adding_a_scheme_twice_adds_to_its_configuration()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Schemes = authentication => authentication.AddMessageSignature(options => options.Realm = "second"),
        });
        RequestDraft draft = host.Draft();
        draft.Signed = false;

        Assert.Equal("Signature realm=\"second\", error=\"missing_signature\"", (await host.SendAsync(draft))["WWW-Authenticate"]);
    }

    private static async Task<(int Status, string? User)> Seen(ApiHost host, RequestDraft draft)
    {
        RawAnswer answer = await host.SendAsync(draft);
        return (answer.Status, answer.User);
    }
}
