using System.Text.Json;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class ScopeTests
{
    private const string AllRoles = "viewer,manager,revealer,administrator,integrations,apiTokens";

    [Fact]
    public async Task Another_workspaces_administrator_finds_nothing_on_any_route_and_cannot_tell_it_from_what_is_not_there()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller other = host.SignIn(AllRoles, host.Own.Workspace.Id);
        foreach (ManagementCall call in ManagementCall.All.Where(call => call.HasIds))
        {
            RawAnswer foreign = await other.SendAsync(call.Method, host.Foreign.In(call.Path), call.Body is null ? null : host.Foreign.In(call.Body));
            RawAnswer missing = await other.SendAsync(call.Method, ManagementRowsOf.Fill(call.Path), call.Body is null ? null : ManagementRowsOf.Fill(call.Body));

            Assert.True(foreign is { Status: 404, Code: "not_found" }, $"{call}: {foreign}");
            Assert.Equal(WithoutDate(missing), WithoutDate(foreign));
        }

        // Between the two answers a second may end.
        static string WithoutDate(RawAnswer answer) => answer.ToString().Replace(answer["Date"]!, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_id_in_a_body_beside_ones_own_or_in_a_filter_is_not_there_either()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller other = host.SignIn(AllRoles, host.Own.Workspace.Id);
        (string Path, string Body)[] mixed =
        [
            ("/credentials", $$"""{"applicationId":"{{host.Own.Application.Id}}","kind":"apiToken","name":"x","parentId":"{{host.Foreign.KeyPair.Id}}"}"""),
            ("/sharing-keys", $$"""{"grantorWorkspaceId":"{{host.Own.Workspace.Id}}","name":"x","granteeWorkspaceId":"{{host.Foreign.Workspace.Id}}"}"""),
            ("/sharing-keys", $$"""{"grantorWorkspaceId":"{{host.Own.Workspace.Id}}","name":"x","granteeApplicationId":"{{host.Foreign.Application.Id}}"}"""),
        ];
        foreach ((string path, string body) in mixed)
        {
            Assert.Equal((404, "not_found"), ((await other.SendAsync("POST", path, body)) is var answer ? answer.Status : 0, answer.Code));
        }

        foreach (string filter in new[] { "workspace={ws}", "application={app}", "parent={key}" })
        {
            foreach (string list in new[] { "credentials", "health" })
            {
                Assert.Equal("not_found", (await other.GetAsync($"/{list}?{host.Foreign.In(filter)}")).Code);
            }
        }

        foreach (string list in new[] { "workspaces?workspace={ws}", "applications?workspace={ws}", "sharing-keys?workspace={ws}", "summary?workspace={ws}", "audit?workspace={ws}", "audit?application={app}" })
        {
            Assert.Equal("not_found", (await other.GetAsync($"/{host.Foreign.In(list)}")).Code);
        }
    }

    [Fact]
    public async Task Lists_and_the_summary_show_nothing_of_other_workspaces()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller other = host.SignIn(AllRoles, host.Own.Workspace.Id);
        string[] hidden = [host.Foreign.Workspace.Id, host.Foreign.Application.Id, host.Foreign.KeyPair.Id, host.Foreign.Token.Id, host.Foreign.SharingKey.Id, "Foreign"];
        foreach (string path in new[] { "/me", "/summary", "/workspaces", "/applications", "/credentials", "/credentials?state=active", "/health", "/sharing-keys", "/audit", "/audit?q=Foreign" })
        {
            RawAnswer answer = await other.GetAsync(path);

            Assert.Equal(200, answer.Status);
            Assert.All(hidden, text => Assert.DoesNotContain(text, answer.Text));
        }

        JsonElement summary = await other.ReadAsync("/summary");
        Assert.Equal((1, 2), (summary.GetProperty("applications").GetInt32(), summary.GetProperty("counts").GetProperty("active").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sharing_key_is_seen_from_both_sides_and_changed_from_one(bool isForApplication)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        var wanted = new NewSharingKey { GrantorWorkspaceId = host.Foreign.Workspace.Id, Name = "between" };
        SharingKeyResult shared = await host.Administration.CreateSharingKeyAsync(
            isForApplication ? wanted with { GranteeApplicationId = host.Own.Application.Id } : wanted with { GranteeWorkspaceId = host.Own.Workspace.Id },
            new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(shared.Text!);
        ManagementCaller grantee = host.SignIn(AllRoles, host.Own.Workspace.Id);
        string path = $"/sharing-keys/{shared.SharingKey!.Id}";

        JsonElement seen = await grantee.ReadAsync(path);

        Assert.Equal(isForApplication ? host.Own.Application.Name : "Own", seen.GetProperty("granteeName").GetString());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("grantorWorkspaceName").ValueKind);
        RawAnswer listed = await grantee.GetAsync("/sharing-keys");
        Assert.Contains(shared.SharingKey.Id, listed.Text);
        Assert.DoesNotContain(host.Foreign.Workspace.Name, listed.Text);
        Assert.Contains("sharing_key.created", (await grantee.GetAsync($"/audit?q={shared.SharingKey.Id}")).Text);
        Assert.Equal("forbidden", (await grantee.SendAsync("PATCH", path, """{"name":"mine"}""")).Code);
        Assert.Equal("forbidden", (await grantee.SendAsync("POST", path + ":revoke")).Code);
        Assert.Equal("forbidden", (await grantee.SendAsync("DELETE", path)).Code);
    }

    [Fact]
    public async Task A_sharing_key_for_an_application_that_is_deleted_is_not_told_to_be_for_all_of_its_workspace()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        SharingKeyResult shared = await host.Administration.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = host.Foreign.Workspace.Id, GranteeApplicationId = host.Own.Application.Id, Name = "between" }, new Actor("seeder"), TestContext.Current.CancellationToken);
        Canary.Watch(shared.Text!);
        await host.Administration.DeleteAsync<ApplicationRecord>(host.Own.Application.Id, null, new Actor("seeder"), TestContext.Current.CancellationToken);

        JsonElement seen = await host.SignIn(AllRoles).ReadAsync($"/sharing-keys/{shared.SharingKey!.Id}");

        Assert.Equal(host.Own.Application.Id, seen.GetProperty("granteeApplicationId").GetString());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("granteeName").ValueKind);
    }

    [Fact]
    public async Task The_audit_of_a_sharing_key_does_not_tell_the_grantee_from_where_the_grantors_people_act()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        SharingKeyResult made = await host.Administration.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = host.Foreign.Workspace.Id, GranteeWorkspaceId = host.Own.Workspace.Id, Name = "shared" }, new Actor("bea", "192.0.2.99"), TestContext.Current.CancellationToken);
        Canary.Watch(made.Text!);
        string path = $"/audit?q={made.SharingKey!.Id}";

        RawAnswer grantee = await host.SignIn("viewer", host.Own.Workspace.Id).GetAsync(path);
        RawAnswer grantor = await host.SignIn("viewer", host.Foreign.Workspace.Id).GetAsync(path);

        Assert.Contains("sharing_key.created", grantee.Text);
        Assert.DoesNotContain("192.0.2.99", grantee.Text);
        Assert.Contains("192.0.2.99", grantor.Text);
    }

    [Fact]
    public async Task The_audit_does_not_count_for_one_customer_what_the_others_do()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller customer = host.SignIn("viewer", host.Own.Workspace.Id);
        ManagementCaller provider = host.SignIn("viewer");

        JsonElement first = await customer.ReadAsync("/audit?limit=2");
        string next = first.GetProperty("next").GetString()!;
        JsonElement second = await customer.ReadAsync($"/audit?limit=2&after={next}");

        JsonElement[] told = [.. first.GetProperty("items").EnumerateArray(), .. second.GetProperty("items").EnumerateArray(), .. (await customer.ReadAsync("/summary")).GetProperty("audit").EnumerateArray()];
        Assert.All(told, entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("number").ValueKind));
        Assert.Equal(4, told.Take(4).Select(entry => $"{entry.GetProperty("action")} {entry.GetProperty("target")}").Distinct(StringComparer.Ordinal).Count());
        Assert.StartsWith("CfDJ8", next, StringComparison.Ordinal);

        // Of a place that anybody can write, what comes behind it says where in all events one's own stand.
        string plain = (await provider.ReadAsync("/audit?limit=2")).GetProperty("next").GetString()!;
        Assert.Equal(200, (await provider.GetAsync($"/audit?after={plain}")).Status);
        Assert.Equal("invalid_request", (await customer.GetAsync($"/audit?after={plain}")).Code);
        Assert.Equal("invalid_request", (await provider.GetAsync($"/audit?after={next}")).Code);
    }

    [Fact]
    public async Task A_key_whose_end_has_come_does_not_become_another_version_by_what_others_change()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller customer = host.SignIn(AllRoles, host.Own.Workspace.Id);
        string path = $"/credentials/{host.Own.KeyPair.Id}";
        await customer.SendAsync("POST", path + ":revoke", """{"afterSeconds":1}""");
        host.Settings.Clock.Advance(TimeSpan.FromSeconds(2));
        RawAnswer before = await customer.GetAsync(path);

        Assert.Equal(200, (await host.SignIn(AllRoles).SendAsync("PATCH", $"/workspaces/{host.Foreign.Workspace.Id}", """{"name":"Other"}""")).Status);

        RawAnswer after = await customer.GetAsync(path);
        Assert.Equal("revoked", ManagementCaller.Json(after).GetProperty("state").GetString());
        Assert.Equal((before["ETag"], before.Text), (after["ETag"], after.Text));
    }

    [Fact]
    public async Task Whoever_sees_some_workspaces_neither_creates_nor_deletes_nor_switches_one()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller customer = host.SignIn(AllRoles, host.Own.Workspace.Id);
        string own = $"/workspaces/{host.Own.Workspace.Id}";

        Assert.Equal("forbidden", (await customer.SendAsync("POST", "/workspaces", """{"name":"more"}""")).Code);
        Assert.Equal("forbidden", (await customer.SendAsync("PATCH", own, """{"enabled":false}""")).Code);
        Assert.Equal("forbidden", (await customer.SendAsync("DELETE", own)).Code);
        Assert.Equal(200, (await customer.SendAsync("PATCH", own, """{"disclosure":"once"}""")).Status);
    }

    [Fact]
    public async Task E1_access_that_is_switched_off_hides_page_and_API_and_refuses_requests()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller customer = host.SignIn(AllRoles, host.Own.Workspace.Id);
        ManagementCaller provider = host.SignIn(AllRoles);
        Assert.Equal((200, 200, 200), await LookAsync());

        RawAnswer off = await provider.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"enabled":false}""");

        Assert.Equal(200, off.Status);
        Assert.Equal((404, 404, 401), await LookAsync());
        Assert.Equal("workspace_disabled", (await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0]))).Code);
        Assert.Equal(200, (await provider.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"enabled":true}""")).Status);
        Assert.Equal((200, 200, 200), await LookAsync());

        async Task<(int Page, int Api, int Request)> LookAsync() => (
            (await customer.OpenAsync("/signing")).Status,
            (await customer.GetAsync("/me")).Status,
            (await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0]))).Status);
    }
}
