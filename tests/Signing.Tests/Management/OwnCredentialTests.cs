using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class OwnCredentialTests
{
    [Theory]
    [InlineData("token")]
    [InlineData("signature")]
    public async Task A_customers_own_credential_reaches_nothing(string kind)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        foreach (ManagementCall call in ManagementCall.All)
        {
            string path = ManagementHost.Api + host.Own.In(call.Path);
            RequestDraft draft = host.Draft(host.Own.KeyPair, host.Own.Texts[0], call.Method, path, call.Body is null ? null : Encoding.UTF8.GetBytes(host.Own.In(call.Body)));
            RawAnswer answer = kind == "signature"
                ? await host.SendAsync(draft)
                : await host.Stranger().With(request => request.Headers.Add("Authorization", $"Bearer {host.Own.Texts[1]}")).SendAsync(call.Method, host.Own.In(call.Path), call.Body);

            Assert.True(answer is { Status: 403, Code: "scope_missing" }, $"{call}: {answer}");
        }
    }

    [Fact]
    public async Task A_person_who_sends_a_customers_credential_too_is_refused()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller both = host.SignIn("viewer").With(request => request.Headers.Add("Authorization", $"Bearer {host.Own.Texts[1]}"));

        RawAnswer answer = await both.GetAsync("/credentials");

        Assert.Equal("scope_missing", answer.Code);
    }

    [Fact]
    public async Task A_credential_with_the_reserved_scope_manages_without_the_pages_token()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        string token = await MakeManagingTokenAsync(host);

        ManagementCaller robot = host.Stranger().With(request =>
        {
            request.Headers.Add("Authorization", $"Bearer {token}");
            request.Headers.Remove("Origin");
            request.Headers.Remove("Sec-Fetch-Site");
        });
        RawAnswer answer = await robot.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend");

        Assert.Equal(200, answer.Status);
        Assert.Equal("suspended", ManagementCaller.Json(answer).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_customers_credential_that_the_host_takes_for_a_person_is_refused_all_the_same()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = static services => services.Configure<SignatureOptions>(SignatureDefaults.AuthenticationScheme, static options => options.Events.OnValidated = static context =>
            {
                context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann"), new Claim(ClaimTypes.Role, "viewer")], "host"));
                return Task.CompletedTask;
            }),
        });

        Assert.Equal("scope_missing", (await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0], target: "/signing/api/v1/me"))).Code);
    }

    [Fact]
    public async Task A_customers_token_of_which_a_claims_transformation_makes_a_person_is_refused_all_the_same()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings { Services = static services => services.AddSingleton<IClaimsTransformation, ClientsArePeople>() });
        ManagementCaller token = host.Stranger().With(request => request.Headers.Add("Authorization", $"Bearer {host.Own.Texts[1]}"));

        Assert.Equal("scope_missing", (await token.GetAsync("/credentials")).Code);
        Assert.Equal("scope_missing", (await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0], target: "/signing/api/v1/credentials"))).Code);
        Assert.Equal(200, (await host.SignIn("viewer").GetAsync("/credentials")).Status);
    }

    [Fact]
    public async Task A_browser_whose_request_carries_a_managing_credential_beside_a_sign_in_still_needs_the_pages_token()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        string token = await MakeManagingTokenAsync(host);
        ManagementCaller both = host.SignIn("viewer,manager").With(request =>
        {
            request.Headers.Add("Authorization", $"Bearer {token}");
            request.Headers.Remove("RequestVerificationToken");
        });

        Assert.Equal("antiforgery_failed", (await both.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend")).Code);
    }

    [Fact]
    public async Task The_reserved_scope_is_given_by_an_administrator_who_sees_every_workspace_and_by_nobody_else()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        SecretResult robot = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.KeyPair, Name = "robot", Scopes = ["signing.manage"] },
            new Actor("seeder"),
            TestContext.Current.CancellationToken);
        Canary.Watch(robot.Text!);
        (string Method, string Path, string Body)[] ways =
        [
            ("POST", "/credentials", """{"applicationId":"{app}","kind":"apiToken","name":"my token","scopes":["signing.manage"]}"""),
            ("POST", "/applications", """{"workspaceId":"{ws}","name":"mine","credential":{"name":"my pair","scopes":["signing.manage"]}}"""),
            ("POST", "/sharing-keys", """{"grantorWorkspaceId":"{ws}","name":"mine","scopes":["signing.manage"]}"""),
            ("PATCH", "/credentials/{key}", """{"scopes":["signing.manage"]}"""),
            ("PATCH", "/sharing-keys/{shk}", """{"scopes":["signing.manage"]}"""),
            ("POST", $"/credentials/{robot.Credential!.Id}:rotate", "{}"),
            ("POST", $"/credentials/{robot.Credential.Id}:reveal", "{}"),
            ("POST", $"/credentials/{robot.Credential.Id}:renew", """{"expires":null}"""),
            ("POST", $"/credentials/{robot.Credential.Id}:resume", "{}"),
            ("POST", $"/credentials/{robot.Credential.Id}:keep", "{}"),
            ("POST", "/applications/{app}:resume", "{}"),
        ];
        ManagementCaller manager = host.SignIn("viewer,manager,revealer");
        ManagementCaller customer = host.SignIn("viewer,manager,revealer,administrator", host.Own.Workspace.Id);
        ManagementCaller provider = host.SignIn("viewer,manager,revealer,administrator");
        foreach ((string method, string path, string body) in ways)
        {
            Assert.Equal((path, 403), (path, (await manager.SendAsync(method, host.Own.In(path), host.Own.In(body))).Status));
            Assert.Equal((path, 403), (path, (await customer.SendAsync(method, host.Own.In(path), host.Own.In(body))).Status));
            RawAnswer answer = await provider.SendAsync(method, host.Own.In(path), host.Own.In(body));
            Assert.True(answer.Status is 200 or 201, $"{path}: {answer}");
        }
    }

    [Theory]
    [InlineData("""{"expires":"2031-01-01T00:00:00Z"}""", 403)]
    [InlineData("""{"expires":null}""", 403)]
    [InlineData("""{"status":"active"}""", 403)]
    [InlineData("""{"expires":null,"status":"active","scopes":["read"]}""", 200)]
    [InlineData("""{"status":"suspended"}""", 200)]
    [InlineData("""{"name":"known by another name"}""", 200)]
    public async Task A_sharing_key_with_the_reserved_scope_is_prolonged_and_resumed_by_whom_may_give_it(string body, int status)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        SharingKeyResult shared = await host.Administration.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = host.Own.Workspace.Id, Name = "robots", Scopes = ["signing.manage"] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(shared.Text!);
        string path = $"/sharing-keys/{shared.SharingKey!.Id}";

        RawAnswer answer = await host.SignIn("viewer,manager,revealer").SendAsync("PATCH", path, body);
        RawAnswer customer = await host.SignIn("viewer,manager,administrator", host.Own.Workspace.Id).SendAsync("PATCH", path, body);

        Assert.Equal((status, status), (answer.Status, customer.Status));
        Assert.Equal(200, (await host.SignIn("viewer,manager,administrator").SendAsync("PATCH", path, body)).Status);
    }

    [Fact]
    public async Task A_revocation_of_a_credential_with_the_reserved_scope_is_put_off_by_whom_may_give_it_and_hastened_by_every_manager()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        SecretResult robot = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.ApiToken, Name = "robot", Scopes = ["signing.manage"] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(robot.Text!);
        string path = $"/credentials/{robot.Credential!.Id}:revoke";
        ManagementCaller manager = host.SignIn("viewer,manager,revealer");
        Assert.Equal(200, (await manager.SendAsync("POST", path, """{"afterSeconds":3600}""")).Status);

        RawAnswer later = await manager.SendAsync("POST", path, """{"afterSeconds":7776000}""");

        Assert.Equal((403, "forbidden"), (later.Status, later.Code));
        Assert.Equal(200, (await manager.SendAsync("POST", path, """{"afterSeconds":1800}""")).Status);
        Assert.Equal(200, (await host.SignIn("viewer,manager,administrator").SendAsync("POST", path, """{"afterSeconds":7776000}""")).Status);
        Assert.Equal(200, (await manager.SendAsync("POST", path)).Status);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task An_access_token_manages_no_longer_than_its_credential_and_its_sharing_key_have_the_reserved_scope(bool isOfSharingKey, bool isMadeAPerson)
    {
        await using ManagementHost host = await StartWithTokensAsync(isMadeAPerson);
        SecretResult robot = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.KeyPair, Name = "robot", Scopes = ["signing.manage"] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        SharingKeyResult shared = await host.Administration.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = host.Own.Workspace.Id, Name = "robots", Scopes = ["signing.manage"] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(shared.Text!);
        ManagementCaller caller = await LoginAsync(host, robot, isOfSharingKey ? $$"""{"sharing_key":"{{shared.Text}}"}""" : "{}");
        string path = $"/credentials/{robot.Credential!.Id}";
        Assert.Equal(200, (await caller.GetAsync(path)).Status);

        if (isOfSharingKey)
        {
            await host.Administration.EditAsync<SharingKeyRecord>(shared.SharingKey!.Id, null, row => row with { Scopes = [] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        }
        else
        {
            await host.Administration.EditAsync<CredentialRecord>(robot.Credential.Id, null, row => row with { Scopes = [] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        }

        Assert.Equal("scope_missing", (await caller.GetAsync(path)).Code);
        Assert.Equal("scope_missing", (await caller.SendAsync("PATCH", path, """{"scopes":["signing.manage"]}""")).Code);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task An_access_token_of_before_its_credential_had_the_reserved_scope_manages_nothing(bool isMadeAPerson, bool isOpen)
    {
        await using ManagementHost host = await StartWithTokensAsync(isMadeAPerson, isOpen);
        SecretResult robot = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.KeyPair, Name = "robot" }, new Actor("seeder"), TestContext.Current.CancellationToken);
        ManagementCaller before = await LoginAsync(host, robot, "{}");
        await host.Administration.EditAsync<CredentialRecord>(robot.Credential!.Id, null, row => row with { Scopes = ["signing.manage"] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        ManagementCaller after = await LoginAsync(host, robot, "{}");

        Assert.Equal("scope_missing", (await before.GetAsync("/credentials")).Code);
        Assert.Equal(200, (await after.GetAsync("/credentials")).Status);
    }

    [Theory]
    [InlineData("viewer,revealer", false, 403)]
    [InlineData("viewer,revealer,administrator", true, 200)]
    public async Task What_has_the_reserved_scope_is_revealed_and_offered_to_be_by_whom_may_give_it(string roles, bool isOffered, int status)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        SecretResult robot = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.KeyPair, Name = "robot", Scopes = ["signing.manage"] }, new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(robot.Text!);
        ManagementCaller caller = host.SignIn(roles);
        string path = $"/credentials/{robot.Credential!.Id}";

        Assert.Equal(isOffered, (await caller.ReadAsync(path)).GetProperty("canReveal").GetBoolean());
        Assert.Equal(status, (await caller.SendAsync("POST", path + ":reveal")).Status);
    }

    [Theory]
    [InlineData("/credentials/{key}:rotate", "{}")]
    [InlineData("/credentials/{key}:renew", """{"expires":null}""")]
    [InlineData("/credentials/{key}:resume", "{}")]
    [InlineData("/credentials/{key}:keep", "{}")]
    public async Task Who_gets_the_reserved_scope_while_somebody_is_judged_is_judged_again(string path, string body)
    {
        var meanwhile = new Meanwhile();
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings { Services = services => services.AddSingleton<IAuthorizationHandler>(meanwhile) });
        ManagementCaller manager = host.SignIn("viewer,manager");
        await manager.GetAsync("/me");
        meanwhile.Act = () => host.Administration.EditAsync<CredentialRecord>(
            host.Own.KeyPair.Id, 1, row => row with { Scopes = ["signing.manage"] }, new Actor("administrator"), TestContext.Current.CancellationToken);

        RawAnswer answer = await manager.SendAsync("POST", host.Own.In(path), body);

        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
        Assert.Null(meanwhile.Act);
        Assert.Equal(2, (await host.Store.GetAsync<CredentialRecord>(host.Own.KeyPair.Id, TestContext.Current.CancellationToken))!.Version);
    }

    private static Task<ManagementHost> StartWithTokensAsync(bool isMadeAPerson, bool isOpen = false) => ManagementHost.StartAsync(new ManagementHostSettings
    {
        Environment = isOpen ? "Development" : "Production",
        Policies = !isOpen,
        Services = services =>
        {
            _ = isMadeAPerson ? services.AddSingleton<IClaimsTransformation, ClientsArePeople>() : services;
            services.AddSigningTokens(static options => (options.Issuer, options.AllowUnprotectedKeyRing) = (new Uri("https://api.example.com/auth"), true));
            services.AddAuthentication().AddAccessToken();
            services.Configure<AuthenticationOptions>(options => options.DefaultScheme = options.DefaultAuthenticateScheme = isOpen ? "AccessToken" : options.DefaultScheme);
            services.Configure<AuthorizationOptions>(static options => options.AddPolicy("administrator", static policy => policy.AddAuthenticationSchemes("AccessToken").RequireAuthenticatedUser()));
        },
        Options = options => options.Policies.Viewer = options.Policies.Manager = isOpen ? null : "administrator",
        Map = static app =>
        {
            app.MapTokenEndpoints("/auth");
            app.MapSigningManagement("/signing");
        },
    });

    private static async Task<ManagementCaller> LoginAsync(ManagementHost host, SecretResult made, string body)
    {
        Canary.Watch(made.Text!);
        RequestDraft login = host.Draft(made.Credential!, made.Text!, "POST", "/auth/login", Encoding.UTF8.GetBytes(body)).With("Content-Type", "application/json");
        string token = ManagementCaller.Json(await host.SendAsync(login)).GetProperty("access_token").GetString()!;
        Canary.Watch(token);
        return host.Stranger().With(request => request.Headers.Add("Authorization", $"Bearer {token}"));
    }

    private static async Task<string> MakeManagingTokenAsync(ManagementHost host)
    {
        SecretResult made = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.ApiToken, Name = "robot", Scopes = ["signing.manage"] },
            new Actor("seeder"),
            TestContext.Current.CancellationToken);
        Canary.Watch(made.Text!);
        return made.Text!;
    }

    // Somebody else is quicker, just while a policy looks at a credential.
    private sealed class Meanwhile : IAuthorizationHandler
    {
        public Func<Task>? Act { get; set; }

        public async Task HandleAsync(AuthorizationHandlerContext context)
        {
            if (context.Resource is CredentialRecord && Act is { } act)
            {
                Act = null;
                await act();
            }
        }
    }

    private sealed class ClientsArePeople : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(principal.HasClaim(static claim => claim.Type == SignatureClaimNames.CredentialId)
            ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann"), new Claim(ClaimTypes.Role, "viewer")], "host"))
            : principal);
    }
}
