using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.ConnectedApis;

/// <summary>Endpoints that ask for a connected API, at every door.</summary>
public sealed class ConnectedApiTests
{
    private const string Schemes = "Signature,AccessToken,ApiToken";
    private const string SharingKey = "acme shares its orders with beta";

    private static readonly string Token = new CredentialFormat("sgn").CreateApiToken("live");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Scheme, false)]
    [InlineData(Door.Middleware, false)]
    [InlineData(Door.Middleware, true)]
    public async Task A_change_of_the_connected_APIs_holds_from_the_next_request_on(Door door, bool authorize)
    {
        var configuration = new LiveConfiguration(Json("[]"));
        await using ApiHost host = await StartAsync(door, configuration, app => app.MapGet("/orders", Name).RequireConnectedApi("orders"), authorize);

        RawAnswer before = await host.SendAsync(host.Draft("GET", "/orders"));
        configuration.Replace(Json("[ \"billing\", \"orders\" ]"));
        RawAnswer connected = await host.SendAsync(host.Draft("GET", "/orders"));
        configuration.Replace(Json("\"billing Orders\""));
        RawAnswer after = await host.SendAsync(host.Draft("GET", "/orders"));

        Assert.All([before, after], answer =>
        {
            Assert.Equal((403, "api_not_connected"), (answer.Status, answer.Code));
            Assert.Equal("Signature error=\"api_not_connected\", connected_api=\"orders\"", answer["WWW-Authenticate"]);
            Assert.Equal("no-store", answer["Cache-Control"]);
        });
        Assert.Equal((200, ApiHost.Key), (connected.Status, connected.Text));
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_endpoint_that_asks_for_no_API_is_open_to_every_credential(Door door)
    {
        await using ApiHost host = await StartAsync(door, new LiveConfiguration(Json("[]")), app => app.MapGet("/orders", Name).RequireConnectedApi("orders"));

        Assert.Equal((200, ApiHost.Key), await Seen(host, "/other"));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Of_several_on_one_endpoint_all_are_needed_and_those_that_are_missing_are_named(Door door)
    {
        var configuration = new LiveConfiguration(Json("[ \"orders\" ]"));
        await using ApiHost host = await StartAsync(door, configuration, app =>
        {
            RouteGroupBuilder group = app.MapGroup("/all");
            group.MapGet("/three", Name).RequireConnectedApi("billing").RequireConnectedApi("orders").RequireConnectedApi("audit").RequireConnectedApi("audit");
            group.RequireConnectedApi("orders");
        });

        RawAnswer two = await host.SendAsync(host.Draft("GET", "/all/three"));
        configuration.Replace(Json("[ \"orders\", \"billing\", \"audit\" ]"));

        Assert.Equal("Signature error=\"api_not_connected\", connected_api=\"billing audit\"", two["WWW-Authenticate"]);
        Assert.Equal(200, (await host.SendAsync(host.Draft("GET", "/all/three"))).Status);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_endpoint_open_to_anybody_asks_nobody_for_an_API(Door door)
    {
        await using ApiHost host = await StartAsync(
            door, new LiveConfiguration(Json("[]")), app => app.MapGet("/orders", () => "open").RequireConnectedApi("orders").AllowAnonymous());
        RequestDraft unsigned = host.Draft("GET", "/orders");
        unsigned.Signed = false;

        Assert.Equal("open", (await host.SendAsync(unsigned)).Text);
        Assert.Equal("open", (await host.SendAsync(host.Draft("GET", "/orders"))).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nobody_authorizes_the_endpoint_does_not_run(bool authenticates)
    {
        bool ran = false;
        var log = new LogBook();
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Logging.AddProvider(log);
        builder.Services.AddAuthentication("Signature").AddMessageSignature();
        await using WebApplication app = builder.Build();
        if (authenticates)
        {
            app.UseAuthentication();
        }

        app.MapGet("/orders", () => ran = true).RequireConnectedApi("orders");
        await app.StartAsync(Stop);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/orders", UriKind.Relative), Stop);

        Assert.Equal((500, false), ((int)answer.StatusCode, ran));
        Assert.Contains("authorization metadata", Assert.Single(log.Alarms).Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_else_an_endpoint_asks_of_authorization_still_needs_it_behind_the_middleware()
    {
        await using ApiHost host = await StartAsync(
            Door.Middleware, new LiveConfiguration(Json("[ \"orders\" ]")), app => app.MapGet("/orders", [Authorize("anything")] () => "").RequireConnectedApi("orders"));

        Assert.Equal(500, (await host.SendAsync(host.Draft("GET", "/orders"))).Status);
    }

    [Fact]
    public async Task Where_the_host_has_authorization_that_does_not_run_the_middleware_does_not_stand_for_it()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddAuthorization(),

            // What UseAuthorization leaves, so that WebApplication does not call it by itself.
            Before = app => ((IApplicationBuilder)app).Properties["__AuthorizationMiddlewareSet"] = true,
            Map = app => app.MapGet("/orders", () => "").RequireConnectedApi("orders"),
        });
        host.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))) { ConnectedApis = ["orders"] });

        Assert.Equal(500, (await host.SendAsync(host.Draft("GET", "/orders"))).Status);
        Assert.Contains("authorization metadata", Assert.Single(host.Log.Alarms).Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_of_a_foreign_scheme_is_connected_to_nothing_whatever_it_claims_unless_the_host_accepts_it()
    {
        bool accepts = false;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Build = builder => builder.Services.AddSingleton<IAuthorizationHandler>(new Accepting(() => accepts)),
            Schemes = authentication => authentication.AddScheme<AuthenticationSchemeOptions, ForeignBearerHandler>(ForeignBearerHandler.SchemeName, null),
            Map = app => app.MapGet("/orders", [Authorize(AuthenticationSchemes = "Signature,Foreign")] () => "").RequireConnectedApi("orders"),
        });
        RequestDraft foreign = host.Draft("GET", "/orders").With("Authorization", $"Bearer {ForeignBearerHandler.Token}");
        foreign.Signed = false;

        int refused = (await host.SendAsync(foreign)).Status;
        accepts = true;

        Assert.Equal((403, 200), (refused, (await host.SendAsync(foreign)).Status));
    }

    [Fact]
    public async Task The_default_policy_holds_where_the_endpoint_names_none_and_stays_out_where_it_does()
    {
        await using TokenApi api = await StartAsync(app =>
        {
            app.MapGet("/by-default", Name).RequireConnectedApi("orders");
            app.MapGet("/signed", Name).RequireConnectedApi("orders").RequireAuthorization("signed");
        });
        (string access, _) = await api.LogInAsync();

        Assert.Equal((200, ApiHost.Key), ((await api.GetAsync(access, "/by-default")).Status, (await api.GetAsync(access, "/by-default")).Text));
        Assert.Equal(401, (await api.GetAsync(access, "/signed")).Status);
        Assert.Equal(200, (await api.Host.SendAsync(api.Host.Draft("GET", "/signed"))).Status);
        Assert.Equal(401, (await api.GetAsync("none", "/by-default")).Status);
    }

    [Fact]
    public async Task An_access_token_reaches_what_its_client_is_connected_to_now()
    {
        var configuration = new LiveConfiguration(Json("[]"));
        await using TokenApi api = await StartAsync(app => app.MapGet("/orders", Name).RequireConnectedApi("orders"), configuration);
        (string access, _) = await api.LogInAsync();

        RawAnswer before = await api.GetAsync(access, "/orders");
        configuration.Replace(Json("[ \"orders\" ]"));

        Assert.Equal((403, "api_not_connected"), (before.Status, before.Code));
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", error_description=\"The application of the credential is not connected to this API.\", code=\"api_not_connected\", connected_api=\"orders\"",
            before["WWW-Authenticate"]);
        Assert.Equal(200, (await api.GetAsync(access, "/orders")).Status);
    }

    [Fact]
    public async Task An_ApiToken_reaches_what_its_application_or_else_its_parent_s_is_connected_to()
    {
        string ofParent = new CredentialFormat("sgn").CreateApiToken("live");
        Canary.Watch(ofParent);
        var configuration = new LiveConfiguration(Json("[]", $$""", { "Token": "{{ofParent}}", "Parent": "{{ApiHost.Key}}" }"""));
        await using TokenApi api = await StartAsync(app => app.MapGet("/orders", Name).RequireConnectedApi("orders"), configuration);

        RawAnswer[] before = [await api.GetAsync(Token, "/orders"), await api.GetAsync(ofParent, "/orders")];
        configuration.Replace(Json("[ \"orders\" ]", $$""", { "Token": "{{ofParent}}", "Parent": "{{ApiHost.Key}}" }"""));

        Assert.All(before, answer => Assert.Equal((403, "api_not_connected"), (answer.Status, answer.Code)));
        Assert.Equal(200, (await api.GetAsync(Token, "/orders")).Status);
        Assert.Equal(200, (await api.GetAsync(ofParent, "/orders")).Status);
    }

    [Fact]
    public async Task With_a_sharing_key_a_client_reaches_what_it_is_connected_to_and_the_key_lists()
    {
        var configuration = new LiveConfiguration(Json("[ \"orders\", \"billing\" ]", scopesOfSharingKey: "orders audit"));
        await using TokenApi api = await StartAsync(
            app =>
            {
                foreach (string name in (string[])["orders", "billing", "audit"])
                {
                    app.MapGet("/" + name, Name).RequireConnectedApi(name);
                }
            },
            configuration);
        (string shared, _) = await api.LogInAsync(SharingKey);
        (string own, _) = await api.LogInAsync();

        int[] statuses = [.. await StatusesAsync(shared)];
        int[] ofOwn = [.. await StatusesAsync(own)];
        configuration.Replace(Json("[ \"orders\", \"billing\" ]", scopesOfSharingKey: "billing"));
        int[] changed = [.. await StatusesAsync(shared)];

        Assert.Equal([200, 403, 403], statuses);
        Assert.Equal([200, 200, 403], ofOwn);
        Assert.Equal([403, 200, 403], changed);

        async Task<List<int>> StatusesAsync(string token) =>
            [(await api.GetAsync(token, "/orders")).Status, (await api.GetAsync(token, "/billing")).Status, (await api.GetAsync(token, "/audit")).Status];
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_user_whose_claims_the_host_has_transformed_keeps_what_it_is_connected_to(Door door)
    {
        await using ApiHost host = await StartAsync(
            door,
            new LiveConfiguration(Json("[ \"orders\" ]")),
            app => app.MapGet("/orders", (ClaimsPrincipal user) => user.FindFirstValue("added")).RequireConnectedApi("orders"),
            build: builder => builder.Services.AddSingleton<IClaimsTransformation, Adding>());

        Assert.Equal("by the host", (await host.SendAsync(host.Draft("GET", "/orders"))).Text);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Controllers_ask_for_an_API_as_other_endpoints_do(Door door)
    {
        var configuration = new LiveConfiguration(Json("[]"));
        await using ApiHost host = await StartAsync(
            door,
            configuration,
            app => app.MapControllers().RequireConnectedApi("orders"),
            authorize: true,
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(StockController).Assembly));

        RawAnswer before = await host.SendAsync(host.Draft("GET", "/stock"));
        configuration.Replace(Json("[ \"orders\" ]"));

        Assert.Equal((403, "api_not_connected"), (before.Status, before.Code));
        Assert.Equal("tea", (await host.SendAsync(host.Draft("GET", "/stock"))).Text);
        Assert.Contains(Assert.Single(host.App.Services.GetRequiredService<ConnectedApiCatalogue>().Read()).Endpoints, endpoint => endpoint.Pattern == "stock");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("quo\"ted")]
    [InlineData("caf\u00e9")]
    public void A_name_that_no_application_can_list_is_refused_when_it_is_mapped(string name)
    {
        WebApplication app = ApiHost.CreateBuilder().Build();

        Assert.Throws<ArgumentException>(() => app.MapGet("/", () => "").RequireConnectedApi(name));
        Assert.Throws<ArgumentException>(() => app.MapGet("/", () => "").RequireConnectedApi(new string('a', RecordRules.MaxEntryLength + 1)));
    }

    [Fact]
    public async Task The_requirement_says_in_the_host_s_log_what_was_missing()
    {
        await using ApiHost host = await StartAsync(Door.Scheme, new LiveConfiguration(Json("[]")), app => app.MapGet("/orders", Name).RequireConnectedApi("orders"));

        await host.SendAsync(host.Draft("GET", "/orders"));

        Assert.Contains(host.Log.Lines, line => line.Text.Contains("The application of the credential must be connected to the API orders.", StringComparison.Ordinal));
    }

    private static string Name(ClaimsPrincipal user) => user.Identity!.Name!;

    private static async Task<(int Status, string? User)> Seen(ApiHost host, string target)
    {
        RawAnswer answer = await host.SendAsync(host.Draft("GET", target));
        return (answer.Status, answer.User);
    }

    private static string Json(string apis, string moreTokens = "", string scopesOfSharingKey = "orders") => $$"""
        { "Signing": {
            "Applications": { "app_1": { "Workspace": "beta", "Apis": {{apis}} }, "app_2": { "Apis": [ "orders" ] } },
            "Credentials": [
                { "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}", "Application": "app_1" } ],
            "ApiTokens": [ { "Token": "{{Token}}", "Id": "token", "Application": "app_1" }{{moreTokens}} ],
            "SharingKeys": [ { "Key": "{{SharingKey}}", "Id": "shk_1", "Workspace": "acme", "GranteeWorkspace": "beta", "Scopes": "{{scopesOfSharingKey}}" } ] } }
        """;

    private static Task<ApiHost> StartAsync(
        Door door, LiveConfiguration configuration, Action<WebApplication> map, bool authorize = false, Action<WebApplicationBuilder>? build = null) =>
        ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Authorize = authorize,
            CredentialsFromConfiguration = true,
            Build = builder =>
            {
                ((IConfigurationBuilder)builder.Configuration).Add(configuration);
                build?.Invoke(builder);
            },
            Map = map,
        });

    private static Task<TokenApi> StartAsync(Action<WebApplication> map, LiveConfiguration? configuration = null) => TokenApi.StartAsync(new TokenApiSettings
    {
        Configuration = configuration ?? new LiveConfiguration(Json("[ \"orders\" ]")),
        Build = builder => builder.Services.AddAuthorizationBuilder()
            .SetDefaultPolicy(new AuthorizationPolicyBuilder(Schemes.Split(',')).RequireAuthenticatedUser().Build())
            .AddPolicy("signed", policy => policy.AddAuthenticationSchemes("Signature").RequireAuthenticatedUser()),
        Schemes = authentication => authentication.AddApiToken(),
        Map = map,
    });

    private sealed class Accepting(Func<bool> accepts) : AuthorizationHandler<ConnectedApiRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ConnectedApiRequirement requirement)
        {
            if (accepts() && requirement.Name == "orders" && context.User.Identity?.AuthenticationType == ForeignBearerHandler.SchemeName)
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Adding : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("added", "by the host"));
            return Task.FromResult(principal);
        }
    }
}
