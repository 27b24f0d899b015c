using System.Text.Json;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>The OpenAPI document against what the admin API takes and answers.</summary>
public sealed class OpenApiContractTests
{
    private const string Everything = "viewer,manager,revealer,administrator,integrations,apiTokens";

    [Fact]
    public async Task What_is_sent_and_answered_is_as_the_document_says()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn(Everything);
        JsonElement document = await caller.ReadAsync("/openapi.json");
        var check = new SchemaCheck(document);
        foreach (ManagementCall call in ManagementCall.All.Where(call => call.Path != "/openapi.json"))
        {
            ManagementRowsOf rows = await host.SeedAsync($"for {call}");
            string? body = call.Body is null ? null : rows.In(call.Body);
            JsonElement operation = document.GetProperty("paths").GetProperty(ManagementHost.Api + call.Pattern).GetProperty(call.Method.ToLowerInvariant());
            Assert.True(body is null || !check.Wrongs(Schema(operation.GetProperty("requestBody")), JsonDocument.Parse(body).RootElement).Any(), $"{call}: {body}");

            RawAnswer answer = await caller.SendAsync(call.Method, rows.In(call.Path), body);
            RawAnswer refusal = await host.SignIn("").SendAsync(call.Method, rows.In(call.Path), body);

            foreach (RawAnswer told in (RawAnswer[])[answer, refusal])
            {
                Assert.True(operation.GetProperty("responses").TryGetProperty($"{told.Status}", out JsonElement described), $"{call} answers {told.Status}");
                if (told.Status != 204)
                {
                    Assert.Equal(described.GetProperty("content").EnumerateObject().Single().Name, told["Content-Type"]!.Split(';')[0]);
                    Assert.Empty(check.Wrongs(Schema(described), ManagementCaller.Json(told)).Select(wrong => $"{call}, {told.Status}: {wrong}"));
                }
            }

            Assert.True(answer.Status < 300 || answer.Status == 409, $"{call}: {answer}");
        }
    }

    [Fact]
    public async Task Each_operation_has_a_name_of_its_own()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        JsonElement document = await host.SignIn("viewer").ReadAsync("/openapi.json");

        string[] names =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select operation.Value.GetProperty("operationId").GetString(),
        ];

        Assert.Equal(ManagementCall.All.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Matches("^[a-z]+([A-Z][a-z]+)+$", name));
        Assert.Superset(
            new HashSet<string> { "getMe", "getSummary", "getAudit", "getHealth", "getOpenapi", "listCredentials", "createCredential", "getCredential", "updateCredential", "deleteCredential", "rotateCredential", "listSharingKeys", "revokeSharingKey" },
            names.ToHashSet());
    }

    private static JsonElement Schema(JsonElement described) => described.GetProperty("content").EnumerateObject().Single().Value.GetProperty("schema");
}
