using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
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

    private static async Task<string> MakeManagingTokenAsync(ManagementHost host)
    {
        SecretResult made = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.ApiToken, Name = "robot", Scopes = ["signing.manage"] },
            new Actor("seeder"),
            TestContext.Current.CancellationToken);
        Canary.Watch(made.Text!);
        return made.Text!;
    }

    private sealed class ClientsArePeople : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(principal.HasClaim(static claim => claim.Type == SignatureClaimNames.CredentialId)
            ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann"), new Claim(ClaimTypes.Role, "viewer")], "host"))
            : principal);
    }
}
