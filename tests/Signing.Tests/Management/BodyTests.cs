using System.Text;
using System.Text.Json;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class BodyTests(SharedManagement shared) : IClassFixture<SharedManagement>
{
    public static TheoryData<string, string> Broken => new()
    {
        { "{", "invalid_request" },
        { "", "invalid_request" },
        { "[]", "invalid_request" },
        { "null", "invalid_request" },
        { "7", "invalid_request" },
        { "\"name\"", "invalid_request" },
        { "{} {}", "invalid_request" },
        { "{\"name\":7}", "invalid_request" },
        { "{\"name\":null}", "invalid_request" },
        { "{\"name\":\"a\",\"name\":\"b\"}", "invalid_request" },
        { "{\"name\":\"a\",}", "invalid_request" },
        { "{\"name\":\"a\"/**/}", "invalid_request" },
        { "{\"Name\":\"a\"}", "unknown_member" },
        { "{\"name\":\"a\",\"admin\":true}", "unknown_member" },
        { "{\"name\":\"a\",\"version\":1}", "unknown_member" },
        { "{\"name\":\"a\",\"disclosure\":\"always\"}", "invalid_request" },
        { "{\"name\":\"a\",\"disclosure\":2}", "invalid_request" },
        { "{\"name\":\"a\",\"disclosure\":\"none\"}", "invalid_request" },
        { "{\"name\":\"a\",\"bundleIdRequired\":\"yes\"}", "invalid_request" },
        { "{\"name\":\"a\",\"defaultLifetimeDays\":1e300}", "duration_invalid" },
        { "{\"name\":\"a\",\"defaultLifetimeDays\":1e999}", "duration_invalid" },
        { "{\"name\":\"a\",\"rotationAgeDays\":-1}", "duration_invalid" },
        { "{\"name\":\"a\",\"rotationOverlapHours\":-1}", "duration_invalid" },
        { "{\"name\":\"a\",\"rotationOverlapHours\":1e-300,\"defaultLifetimeDays\":0}", "duration_invalid" },
        { "{\"name\":\"\\ud800\"}", "invalid_request" },
        { "{\"\\ud800\":1}", "invalid_request" },
        { "{\"name\":\"\\u0000\"}", "name_invalid" },
        { "{\"name\":\"\"}", "name_invalid" },
        { "{\"name\":" + new string('[', 200) + new string(']', 200) + "}", "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_body_that_is_not_what_the_route_takes_is_refused_by_code(string body, string code)
    {
        ManagementHost host = shared.Host;

        RawAnswer answer = await host.SignIn("viewer,administrator").SendAsync("POST", "/workspaces", body);

        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.NotEmpty(ManagementCaller.Json(answer).GetProperty("remedy").GetString()!);
        Assert.DoesNotContain(host.Log.Alarms, line => line.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","scopes":[null]}""", "invalid_request")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"KeyPair","name":"x"}""", "invalid_request")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair"}""", "invalid_request")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","expires":"2031-01-01"}""", "invalid_request")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","expires":"2031-01-01T00:00:00"}""", "invalid_request")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","expires":"9999-99-99T00:00:00Z"}""", "invalid_request")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","expires":"2001-01-01T00:00:00Z"}""", "end_invalid")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","environment":"staging"}""", "environment_invalid")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","scopes":["a b"]}""", "list_invalid")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"x","parentId":"{key}"}""", "parent_invalid")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"apiToken","name":"x","parentId":"{key}","scopes":["write"]}""", "scope_not_granted")]
    [InlineData("/credentials/{key}:renew", "{}", "invalid_request")]
    [InlineData("/credentials/{key}:renew", """{"expires":"soon"}""", "invalid_request")]
    [InlineData("/credentials/{key}:rotate", """{"overlapSeconds":-1}""", "duration_invalid")]
    [InlineData("/credentials/{key}:rotate", """{"overlapSeconds":1e12}""", "duration_invalid")]
    [InlineData("/credentials/{key}:rotate", """{"overlapSeconds":9000000}""", "duration_invalid")]
    [InlineData("/credentials/{key}:revoke", """{"afterSeconds":1e200}""", "duration_invalid")]
    [InlineData("/credentials/{key}:reveal", """{"secretVersion":1.5}""", "invalid_request")]
    [InlineData("/credentials/{key}:reveal", """{"secretVersion":99999999999}""", "invalid_request")]
    [InlineData("/credentials/{key}:suspend", """{"reason":"x"}""", "unknown_member")]
    [InlineData("/applications", """{"workspaceId":"{ws}","name":"x","credential":{"name":"y","kind":"apiToken"}}""", "unknown_member")]
    [InlineData("/applications", """{"workspaceId":"{ws}","name":"x","connectedApis":["a","a"]}""", "list_invalid")]
    [InlineData("/applications", """{"workspaceId":"{ws}","name":"x","credential":{"name":"y","environment":"staging"}}""", "environment_invalid")]
    public async Task A_value_that_no_rule_permits_is_refused_by_code(string path, string body, string code)
    {
        ManagementHost host = shared.Host;

        RawAnswer answer = await host.SignIn("viewer,manager,revealer").SendAsync("POST", host.Own.In(path), host.Own.In(body));

        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Equal(2, await CountAsync(host));
    }

    [Fact]
    public async Task An_environment_that_the_host_does_not_offer_is_refused_with_those_that_it_does()
    {
        ManagementHost host = shared.Host;

        RawAnswer answer = await host.SignIn("viewer,manager,revealer").SendAsync("POST", "/credentials", host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"x","environment":"staging"}"""));

        Assert.Equal("environment_invalid", answer.Code);
        Assert.Contains("live, test", answer.Text, StringComparison.Ordinal);
        Assert.Contains("none that this credential can have", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/workspaces/{ws}", """{"name":null}""")]
    [InlineData("/workspaces/{ws}", """{"enabled":null}""")]
    [InlineData("/workspaces/{ws}", """{"disclosure":"None"}""")]
    [InlineData("/applications/{app}", """{"connectedApis":null}""")]
    [InlineData("/applications/{app}", """{"name":null}""")]
    [InlineData("/credentials/{key}", """{"scopes":null}""")]
    [InlineData("/sharing-keys/{shk}", """{"name":null}""")]
    [InlineData("/sharing-keys/{shk}", """{"scopes":null}""")]
    [InlineData("/sharing-keys/{shk}", """{"status":null}""")]
    [InlineData("/sharing-keys/{shk}", """{"status":"revoked"}""")]
    [InlineData("/sharing-keys/{shk}", """{"scopes":[null]}""")]
    public async Task What_cannot_be_taken_away_is_not_changed_to_null(string path, string body)
    {
        ManagementHost host = shared.Host;

        Assert.Equal("invalid_request", (await host.SignIn("viewer,manager,administrator").SendAsync("PATCH", host.Own.In(path), host.Own.In(body))).Code);
    }

    [Theory]
    [InlineData("defaultLifetimeDays")]
    [InlineData("rotationAgeDays")]
    [InlineData("rotationOverlapHours")]
    public async Task A_duration_of_a_workspace_is_changed_to_none_that_no_rule_permits(string name)
    {
        ManagementHost host = shared.Host;

        RawAnswer answer = await host.SignIn("viewer,administrator").SendAsync("PATCH", host.Own.In("/workspaces/{ws}"), $$"""{"{{name}}":-1}""");

        Assert.Equal((400, "duration_invalid"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    public async Task Of_a_member_that_is_not_known_no_more_than_its_beginning_is_told(int length, int shown)
    {
        RawAnswer answer = await shared.Host.SignIn("viewer,administrator").SendAsync("POST", "/workspaces", $$"""{"{{new string('x', length)}}":1}""");

        Assert.Equal("unknown_member", answer.Code);
        Assert.Equal(shown, ManagementCaller.Json(answer).GetProperty("detail").GetString()!.Split(' ')[^1].Length);
    }

    [Fact]
    public async Task A_member_that_is_absent_stays_and_one_that_is_null_is_taken_away()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn("viewer,manager,administrator");
        string application = $"/applications/{host.Own.Application.Id}";
        await manager.SendAsync("PATCH", application, """{"bundleId":"com.example.shop","description":"sells tea"}""");

        RawAnswer renamed = await manager.SendAsync("PATCH", application, """{"name":"Tea"}""");
        RawAnswer cleared = await manager.SendAsync("PATCH", application, """{"bundleId":null}""");
        await manager.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"defaultLifetimeDays":30}""");
        string sharingKey = host.Own.In("/sharing-keys/{shk}");
        await manager.SendAsync("PATCH", sharingKey, """{"status":"suspended","expires":"2031-01-01T00:00:00Z"}""");
        JsonElement ending = ManagementCaller.Json(await manager.SendAsync("PATCH", sharingKey, """{"name":"Tea key"}"""));
        JsonElement unending = ManagementCaller.Json(await manager.SendAsync("PATCH", sharingKey, """{"expires":null}"""));
        RawAnswer sealedKey = await manager.SendAsync("PATCH", $"/credentials/{host.Own.KeyPair.Id}", """{"clientSecretAllowed":false}""");
        RawAnswer stillSealed = await manager.SendAsync("PATCH", $"/credentials/{host.Own.KeyPair.Id}", """{"name":"Tea pair"}""");
        RawAnswer endless = await manager.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"defaultLifetimeDays":null}""");

        Assert.Equal("com.example.shop", ManagementCaller.Json(renamed).GetProperty("bundleId").GetString());
        Assert.Equal((null, "sells tea"), (ManagementCaller.Json(cleared).GetProperty("bundleId").GetString(), ManagementCaller.Json(cleared).GetProperty("description").GetString()));
        Assert.Equal(("suspended", "2031-01-01T00:00:00Z"), (ending.GetProperty("state").GetString(), ending.GetProperty("expires").GetString()));
        Assert.Equal(("suspended", JsonValueKind.Null), (unending.GetProperty("state").GetString(), unending.GetProperty("expires").ValueKind));
        Assert.All([sealedKey, stillSealed], answer => Assert.False(ManagementCaller.Json(answer).GetProperty("clientSecretAllowed").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, ManagementCaller.Json(endless).GetProperty("defaultLifetimeDays").ValueKind);
    }

    [Fact]
    public async Task A_new_workspace_has_the_durations_that_were_asked_for_and_the_first_key_of_an_integration_ends_as_it_says()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,administrator");
        JsonElement workspace = ManagementCaller.Json(await caller.SendAsync("POST", "/workspaces", """{"name":"Tea","defaultLifetimeDays":30,"rotationAgeDays":10,"rotationOverlapHours":5}"""));
        string id = workspace.GetProperty("id").GetString()!;

        JsonElement ending = await caller.CreateAsync("/applications", $$$"""{"workspaceId":"{{{id}}}","name":"One","credential":{"name":"first"}}""");
        JsonElement endless = await caller.CreateAsync("/applications", $$$"""{"workspaceId":"{{{id}}}","name":"Two","credential":{"name":"second","neverExpires":true}}""");

        Assert.Equal((30, 10, 5), (workspace.GetProperty("defaultLifetimeDays").GetDouble(), workspace.GetProperty("rotationAgeDays").GetDouble(), workspace.GetProperty("rotationOverlapHours").GetDouble()));
        Assert.Equal(host.Settings.Clock.GetUtcNow().AddDays(30), ending.GetProperty("credential").GetProperty("expires").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, endless.GetProperty("credential").GetProperty("expires").ValueKind);
    }

    [Fact]
    public async Task A_credential_that_begins_with_the_last_instant_is_refused_where_its_lifetime_would_go_beyond()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,administrator");
        await caller.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"defaultLifetimeDays":365}""");

        RawAnswer answer = await caller.SendAsync("POST", "/credentials", host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"late","notBefore":"9999-12-31T23:59:59.9999999Z"}"""));

        Assert.Equal((400, "end_invalid"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_body_of_another_type_or_too_large_is_refused()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller administrator = host.SignIn("viewer,administrator");
        string large = $$"""{"name":"{{new string('a', 70_000)}}"}""";

        RawAnswer text = await administrator.With(static request => request.Content!.Headers.ContentType = new("text/plain")).SendAsync("POST", "/workspaces", """{"name":"x"}""");
        RawAnswer form = await administrator.With(static request => request.Content!.Headers.ContentType = new("application/x-www-form-urlencoded")).SendAsync("POST", "/workspaces", "name=x");
        RawAnswer sized = await administrator.SendAsync("POST", "/workspaces", large);
        RawAnswer chunked = await administrator.With(request => request.Content = new StreamContent(new UnsizedStream(Encoding.UTF8.GetBytes(large))) { Headers = { ContentType = new("application/json") } })
            .SendAsync("POST", "/workspaces", large);

        Assert.Equal((415, "unsupported_media_type"), (text.Status, text.Code));
        Assert.Equal("antiforgery_failed", form.Code);
        Assert.Equal((413, "body_too_large"), (sized.Status, sized.Code));
        Assert.Equal((413, "body_too_large"), (chunked.Status, chunked.Code));
    }

    [Fact]
    public async Task Hostile_names_come_back_as_they_were_sent_and_are_never_markup_in_an_answer()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        const string hostile = "<img src=x onerror=alert(1)>\u202e\"'&";

        RawAnswer answer = await host.SignIn("viewer,manager").SendAsync("POST", "/applications", $$"""{"workspaceId":"{{host.Own.Workspace.Id}}","name":{{System.Text.Json.JsonSerializer.Serialize(hostile)}}}""");

        Assert.Equal(201, answer.Status);
        Assert.DoesNotContain("<img", answer.Text);
        Assert.Equal(hostile, ManagementCaller.Json(answer).GetProperty("application").GetProperty("name").GetString());
    }

    private static async Task<int> CountAsync(ManagementHost host) =>
        (await host.Store.ListAsync<CredentialRecord>(new RowQuery { WorkspaceIds = [host.Own.Workspace.Id] }, TestContext.Current.CancellationToken)).Rows.Count;
}
