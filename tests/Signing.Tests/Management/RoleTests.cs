using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class RoleTests
{
    [Theory]
    [InlineData("")]
    [InlineData("manager,revealer,administrator,integrations,apiTokens")]
    [InlineData("viewer")]
    [InlineData("viewer,manager")]
    [InlineData("viewer,revealer")]
    [InlineData("viewer,administrator")]
    [InlineData("viewer,manager,revealer,administrator")]
    public async Task L14_a_role_may_what_the_table_says_and_nothing_else(string roles)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn(roles);
        string[] held = roles.Split(',');
        foreach (ManagementCall call in ManagementCall.All)
        {
            bool isAllowed = held.Contains("viewer") && held.Contains(call.Role);
            ManagementRowsOf rows = isAllowed && call.Method != "GET" ? await host.SeedAsync($"for {call}") : host.Own;

            RawAnswer answer = await caller.SendAsync(call.Method, rows.In(call.Path), call.Body is null ? null : rows.In(call.Body));

            if (isAllowed)
            {
                Assert.True(answer.Status is 200 or 201 or 204 or 409, $"{call} as {roles}: {answer}");
            }
            else
            {
                Assert.True(answer is { Status: 403, Code: "forbidden" or "antiforgery_failed" }, $"{call} as {roles}: {answer}");
            }
        }
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("revealer")]
    [InlineData("administrator")]
    public async Task A_role_without_a_policy_is_nobodys(string role)
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Options = options => _ = role switch
            {
                "manager" => options.Policies.Manager = null,
                "revealer" => options.Policies.Revealer = null,
                _ => options.Policies.Administrator = null,
            },
        });
        ManagementCaller caller = host.SignIn("viewer,manager,revealer,administrator");

        foreach (ManagementCall call in ManagementCall.All.Where(call => call.Role == role))
        {
            RawAnswer answer = await caller.SendAsync(call.Method, host.Own.In(call.Path), call.Body is null ? null : host.Own.In(call.Body));
            Assert.True(answer is { Status: 403, Code: "forbidden" }, $"{call}: {answer}");
        }
    }

    [Fact]
    public async Task Every_route_of_the_admin_API_is_in_the_table()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        IEnumerable<string> mapped =
            from endpoint in host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.RawText!.StartsWith(ManagementHost.Api, StringComparison.Ordinal)
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            select $"{method} {endpoint.RoutePattern.RawText![ManagementHost.Api.Length..]}";

        Assert.Equal(ManagementCall.All.Select(call => call.ToString()).Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_OpenAPI_document_has_every_route_and_the_hosts_own_document_has_none()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();

        JsonElement document = await host.SignIn("viewer").ReadAsync("/openapi.json");

        IEnumerable<string> described =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name.ToUpperInvariant()} {path.Name[ManagementHost.Api.Length..]}";
        Assert.Equal(ManagementCall.All.Select(call => call.ToString()).Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        JsonElement rotate = document.GetProperty("paths").GetProperty($"{ManagementHost.Api}/credentials/{{id}}:rotate").GetProperty("post");
        Assert.Equal(["id", "If-Match"], rotate.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal("credentials", Assert.Single(rotate.GetProperty("tags").EnumerateArray()).GetString());
        JsonElement create = document.GetProperty("paths").GetProperty($"{ManagementHost.Api}/credentials").GetProperty("post");
        Assert.Contains("/CredentialBody\"", create.GetProperty("requestBody").GetRawText());
        Assert.True(document.GetProperty("components").GetProperty("schemas").GetProperty("CredentialBody").GetProperty("properties").TryGetProperty("applicationId", out _));
        Assert.Contains("apiToken", document.GetProperty("components").GetProperty("schemas").GetProperty("CredentialAnswer").GetProperty("properties").GetProperty("kind").GetProperty("enum").GetRawText());
    }
}
