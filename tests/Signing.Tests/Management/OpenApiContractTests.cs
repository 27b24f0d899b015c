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

    [Fact]
    public async Task A_list_takes_the_filters_and_values_that_the_document_names_and_refuses_the_others()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn(Everything);
        ManagementRowsOf rows = await host.SeedAsync("lists");
        JsonElement paths = (await caller.ReadAsync("/openapi.json")).GetProperty("paths");
        var examples = new Dictionary<string, string[]>
        {
            ["workspace"] = [rows.In("{ws}")],
            ["application"] = [rows.In("{app}")],
            ["parent"] = [rows.In("{key}")],
            ["q"] = ["x"],
            ["limit"] = ["1", "200"],
            ["kind"] = ["keyPair", "apiToken"],
            ["state"] = ["scheduled", "active", "rotating", "expiringSoon", "expired", "suspended", "revoked"],
            ["health"] = ["neverExpires", "idle", "overdue", "retiringSecretInUse"],
        };

        string[] lists = [.. paths.EnumerateObject().Where(path => path.Value.TryGetProperty("get", out JsonElement get) && Parameters(get).Any(name => name == "workspace")).Select(path => path.Name)];
        Assert.Equal(7, lists.Length);
        foreach (string list in lists)
        {
            JsonElement get = paths.GetProperty(list).GetProperty("get");
            foreach ((string filter, string value) in examples.SelectMany(example => example.Value.Select(value => (example.Key, value))))
            {
                RawAnswer answer = await caller.GetAsync($"{list[ManagementHost.Api.Length..]}?{filter}={value}");

                Assert.True(answer.Status == (IsNamed(get, filter, value) ? 200 : 400), $"{list}?{filter}={value}: {answer}");
            }
        }

        static IEnumerable<string> Parameters(JsonElement get) => get.TryGetProperty("parameters", out JsonElement all) ? all.EnumerateArray().Select(one => one.GetProperty("name").GetString()!) : [];

        static bool IsNamed(JsonElement get, string filter, string value) =>
            get.GetProperty("parameters").EnumerateArray().Where(one => one.GetProperty("name").GetString() == filter).Select(one => one.GetProperty("schema")).Any(schema =>
                filter == "limit" ? schema.GetProperty("type").GetString() == "integer"
                : !schema.TryGetProperty("enum", out JsonElement words) ? filter is not ("kind" or "state" or "health")
                : words.EnumerateArray().Any(word => word.GetString() == value));
    }

    [Fact]
    public async Task A_change_takes_null_for_the_members_of_which_the_document_says_so_and_for_no_other()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn(Everything);
        ManagementRowsOf rows = await host.SeedAsync("nulls");
        JsonElement document = await caller.ReadAsync("/openapi.json");
        var nullable = new List<string>();
        foreach (ManagementCall call in ManagementCall.All.Where(call => call.Method == "PATCH"))
        {
            JsonElement reference = Schema(document.GetProperty("paths").GetProperty(ManagementHost.Api + call.Pattern).GetProperty("patch").GetProperty("requestBody"));
            JsonElement body = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetProperty("$ref").GetString()!.Split('/')[^1]);
            foreach (JsonProperty member in body.GetProperty("properties").EnumerateObject())
            {
                RawAnswer answer = await caller.SendAsync(call.Method, rows.In(call.Path), $$"""{"{{member.Name}}":null}""");

                bool isNullable = member.Value.GetProperty("type").ValueKind == JsonValueKind.Array;
                Assert.True(isNullable == (answer.Status != 400), $"{call}, {member.Name}: {answer}");
                nullable.AddRange(isNullable ? [member.Name] : []);
            }
        }

        Assert.Equal(["bundleId", "defaultLifetimeDays", "description", "expires"], nullable.Order());
    }

    [Fact]
    public async Task Each_body_has_a_name_for_the_class_of_a_generated_client()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        JsonElement document = await host.SignIn("viewer").ReadAsync("/openapi.json");

        string[] bodies =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Value.TryGetProperty("requestBody", out _)
               select Schema(operation.Value.GetProperty("requestBody")).GetProperty("$ref").GetString()!["#/components/schemas/".Length..],
        ];

        Assert.Equal(ManagementCall.All.Count(call => call.Body is not null), bodies.Distinct(StringComparer.Ordinal).Count());
        Assert.All(bodies, name => Assert.Equal("object", document.GetProperty("components").GetProperty("schemas").GetProperty(name).GetProperty("type").GetString()));
    }

    private static JsonElement Schema(JsonElement described) => described.GetProperty("content").EnumerateObject().Single().Value.GetProperty("schema");
}
