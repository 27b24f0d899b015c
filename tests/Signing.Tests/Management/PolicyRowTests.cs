using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>Rows of what the five reference systems need, where the host's policies decide; each test is named after its row.</summary>
public sealed class PolicyRowTests
{
    private const string Manager = "viewer,manager,revealer";

    [Fact]
    public async Task E2_only_those_whom_the_policy_names_see_applications()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings { Options = static options => options.Policies.Integrations = "integrations" });
        ManagementCaller manager = host.SignIn(Manager);
        ManagementCaller superadmin = host.SignIn(Manager + ",integrations");

        foreach (ManagementCall call in ManagementCall.All.Where(call => call.Pattern.StartsWith("/applications", StringComparison.Ordinal)))
        {
            Assert.Equal((call.ToString(), 403), (call.ToString(), (await manager.SendAsync(call.Method, host.Own.In(call.Path), call.Body is null ? null : host.Own.In(call.Body))).Status));
        }

        Assert.DoesNotContain("integrations", (await manager.GetAsync("/me")).Text);
        Assert.Equal(0, (await manager.ReadAsync("/summary")).GetProperty("applications").GetInt32());
        Assert.Contains("integrations", (await superadmin.GetAsync("/me")).Text);
        Assert.Equal(2, (await superadmin.ReadAsync("/applications")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task S1_only_those_whom_the_policy_names_generate_ApiTokens()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings { Options = static options => options.Policies.ApiTokens = "administrator" });
        string token = host.Own.In("""{"applicationId":"{app}","kind":"apiToken","name":"label"}""");

        RawAnswer refused = await host.SignIn(Manager).SendAsync("POST", "/credentials", token);
        RawAnswer noManager = await host.SignIn("viewer,administrator").SendAsync("POST", "/credentials", token);
        RawAnswer pair = await host.SignIn(Manager).SendAsync("POST", "/credentials", host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"pair"}"""));
        JsonElement made = await host.SignIn(Manager + ",administrator").CreateAsync("/credentials", token);

        Assert.Equal((403, "forbidden"), (refused.Status, refused.Code));
        Assert.Equal(403, noManager.Status);
        Assert.Equal(201, pair.Status);
        Canary.Watch(ManagementCaller.Json(pair).GetProperty("text").GetString()!);
        Assert.Equal("active", made.GetProperty("credential").GetProperty("state").GetString());
        Assert.Equal(200, (await host.SendTokenAsync(made.GetProperty("text").GetString()!)).Status);
        Assert.DoesNotContain("apiTokens", (await host.SignIn(Manager).GetAsync("/me")).Text);
    }

    [Fact]
    public async Task P20_the_policies_to_reveal_and_revoke_may_depend_on_the_environment()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = static services => services.AddSingleton<IAuthorizationHandler, TestEnvironmentOnly>()
                .AddAuthorization(options => options.AddPolicy("by environment", policy => policy.RequireAuthenticatedUser().AddRequirements(new OperationAuthorizationRequirement { Name = "environment" }))),
            Options = static options => options.Policies.Revealer = options.Policies.Manager = "by environment",
        });
        ManagementCaller caller = host.SignIn("viewer");
        SecretResult test = await host.Administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.KeyPair, Name = "test pair", Environment = "test" }, new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(test.Text!);
        (string live, string tested) = ($"/credentials/{host.Own.KeyPair.Id}", $"/credentials/{test.Credential!.Id}");

        Assert.Equal((403, 200), ((await caller.SendAsync("POST", live + ":reveal")).Status, (await caller.SendAsync("POST", tested + ":reveal")).Status));
        Assert.Equal((false, true), ((await caller.ReadAsync(live)).GetProperty("canReveal").GetBoolean(), (await caller.ReadAsync(tested)).GetProperty("canReveal").GetBoolean()));
        Assert.Equal((403, 200), ((await caller.SendAsync("POST", live + ":revoke")).Status, (await caller.SendAsync("POST", tested + ":revoke")).Status));
        string body = host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"new","environment":"live"}""");
        Assert.Equal(403, (await caller.SendAsync("POST", "/credentials", body)).Status);
        await caller.CreateAsync("/credentials", body.Replace("live", "test", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/credentials", """{"applicationId":"{app}","kind":"apiToken","name":"long","parentId":"{key}"}""")]
    [InlineData("POST", "/credentials", """{"applicationId":"{app}","kind":"apiToken","name":"short"}""")]
    [InlineData("POST", "/applications", """{"workspaceId":"{ws}","name":"new","credential":{"name":"first"}}""")]
    [InlineData("DELETE", "/applications/{app}", null)]
    [InlineData("POST", "/applications/{app}:resume", null)]
    public async Task P20_what_a_policy_refuses_in_an_environment_is_not_reached_by_leaving_the_environment_out(string method, string path, string? body)
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = static services => services.AddAuthorization(options => options.AddPolicy("not in live", policy => policy.RequireAuthenticatedUser().RequireAssertion(static context =>
                context.Resource is not (CredentialRecord { Environment: "live" } or NewCredential { Environment: "live" })))),
            Options = static options => options.Policies.Manager = "not in live",
        });

        RawAnswer answer = await host.SignIn("viewer").SendAsync(method, host.Own.In(path), body is null ? null : host.Own.In(body));

        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
    }

    private sealed class TestEnvironmentOnly : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context)
        {
            string? environment = context.Resource switch
            {
                CredentialRecord row => row.Environment,
                NewCredential made => made.Environment,
                _ => null,
            };
            foreach (IAuthorizationRequirement requirement in context.PendingRequirements.OfType<OperationAuthorizationRequirement>().Where(_ => environment == "test").ToArray())
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
