using System.Text.Json;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>Rows of what the five reference systems need, at the admin API; each test is named after its row.</summary>
public sealed class AdminRowTests
{
    private const string Manager = "viewer,manager,revealer";

    [Fact]
    public async Task E3_a_workspace_has_several_applications_each_with_its_own_keys()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);
        List<JsonElement> made = [];
        foreach (string name in new[] { "Android", "iOS", "Web" })
        {
            made.Add(await manager.CreateAsync("/applications", host.Own.In("""{"workspaceId":"{ws}","name":"N","credential":{"name":"N pair"}}""".Replace("N", name, StringComparison.Ordinal))));
        }

        JsonElement list = await manager.ReadAsync($"/applications?workspace={host.Own.Workspace.Id}");

        Assert.Equal(["Android", "Own shop", "Web", "iOS"], list.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(3, made.Select(row => row.GetProperty("credential").GetProperty("key").GetString()).Distinct().Count());
        foreach (JsonElement row in made)
        {
            string id = row.GetProperty("application").GetProperty("id").GetString()!;
            JsonElement keys = (await manager.ReadAsync($"/credentials?application={id}")).GetProperty("items");
            Assert.Equal(row.GetProperty("credential").GetProperty("id").GetString(), Assert.Single(keys.EnumerateArray()).GetProperty("id").GetString());
            Assert.Equal(200, (await host.SendAsync(DraftOf(host, row))).Status);
        }
    }

    [Fact]
    public async Task E6_a_bundle_id_is_asked_for_and_unique_in_the_workspace_and_the_conflict_is_in_words()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager + ",administrator");
        await manager.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"bundleIdRequired":true}""");
        string own = $$"""{"workspaceId":"{{host.Own.Workspace.Id}}","name":"App","bundleId":"com.example.app"}""";

        RawAnswer missing = await manager.SendAsync("POST", "/applications", $$"""{"workspaceId":"{{host.Own.Workspace.Id}}","name":"App"}""");
        RawAnswer first = await manager.SendAsync("POST", "/applications", own);
        RawAnswer taken = await manager.SendAsync("POST", "/applications", own);
        RawAnswer elsewhere = await manager.SendAsync("POST", "/applications", own.Replace(host.Own.Workspace.Id, host.Foreign.Workspace.Id, StringComparison.Ordinal));

        Assert.Equal((400, "bundle_id_missing"), (missing.Status, missing.Code));
        Assert.Equal(201, first.Status);
        Assert.Equal((409, "bundle_id_taken"), (taken.Status, taken.Code));
        Assert.Equal("Another application of this workspace has this bundle or package id.", ManagementCaller.Json(taken).GetProperty("title").GetString());
        Assert.Equal(201, elsewhere.Status);
    }

    [Fact]
    public async Task E11_the_Secret_stands_nowhere_but_in_the_answer_that_makes_it_and_the_Key_may_stand_anywhere()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);
        JsonElement made = await manager.CreateAsync("/applications", host.Own.In("""{"workspaceId":"{ws}","name":"App","credential":{"name":"first"}}"""));
        (string id, string key, string secret) = (made.GetProperty("credential").GetProperty("id").GetString()!, made.GetProperty("credential").GetProperty("key").GetString()!, made.GetProperty("text").GetString()!);
        Assert.Equal(200, (await host.SendAsync(DraftOf(host, made))).Status);

        string[] answers = [.. await Task.WhenAll(new[] { $"/credentials/{id}", "/credentials", "/applications", "/audit", "/summary", "/health" }.Select(async path => (await manager.GetAsync(path)).Text))];

        Assert.Contains(key, answers[0]);
        Assert.All(answers, answer => Assert.DoesNotContain(secret, answer));
        Assert.All(host.Log.Lines, line => Assert.DoesNotContain(secret, line.Text));
    }

    [Fact]
    public async Task E12_a_leaked_pair_is_suspended_and_refused_on_its_next_request_until_it_is_resumed()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);
        string path = $"/credentials/{host.Own.KeyPair.Id}";
        Assert.Equal(200, (await host.SendAsync(Signed())).Status);

        RawAnswer suspended = await manager.SendAsync("POST", path + ":suspend");

        Assert.Equal("suspended", ManagementCaller.Json(suspended).GetProperty("state").GetString());
        Assert.Equal((401, "suspended"), ((await host.SendAsync(Signed())) is var refused ? refused.Status : 0, refused.Code));
        Assert.Equal(401, (await host.SendTokenAsync(host.Own.Texts[1])).Status);
        await manager.SendAsync("POST", path + ":resume");
        Assert.Equal(200, (await host.SendAsync(Signed())).Status);
        Assert.Equal(200, (await manager.SendAsync("POST", $"/applications/{host.Own.Application.Id}:suspend")).Status);
        Assert.Equal("application_suspended", (await host.SendAsync(Signed())).Code);
        Assert.True((await manager.ReadAsync(path)).GetProperty("applicationSuspended").GetBoolean());

        RequestDraft Signed() => host.Draft(host.Own.KeyPair, host.Own.Texts[0]);
    }

    [Fact]
    public async Task L12_a_key_that_is_deleted_is_gone_from_the_list_and_refused_and_its_audit_stays()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);
        Assert.Equal(200, (await host.SendTokenAsync(host.Own.Texts[1])).Status);

        RawAnswer deleted = await manager.SendAsync("DELETE", $"/credentials/{host.Own.Token.Id}");

        Assert.Equal((204, 0), (deleted.Status, deleted.Body.Length));
        Assert.Equal(404, (await manager.GetAsync($"/credentials/{host.Own.Token.Id}")).Status);
        Assert.DoesNotContain(host.Own.Token.Id, (await manager.GetAsync("/credentials")).Text);
        Assert.Equal(401, (await host.SendTokenAsync(host.Own.Texts[1])).Status);
        string audit = (await manager.GetAsync($"/audit?q={host.Own.Token.Id}")).Text;
        Assert.Contains("credential.deleted", audit);
        Assert.Contains("credential.created", audit);
    }

    [Fact]
    public async Task P10_an_application_has_several_pairs_that_work_side_by_side()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);

        JsonElement second = await manager.CreateAsync("/credentials", host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"second"}"""));
        RawAnswer taken = await manager.SendAsync("POST", "/credentials", host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"second"}"""));

        Assert.Equal(200, (await host.SendAsync(DraftOf(host, second))).Status);
        Assert.Equal(200, (await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0]))).Status);
        Assert.Equal((409, "name_taken"), (taken.Status, taken.Code));
        Assert.Equal(2, (await manager.ReadAsync($"/credentials?application={host.Own.Application.Id}&kind=keyPair")).GetProperty("items").GetArrayLength());
        Assert.Equal(3, (await manager.ReadAsync($"/applications/{host.Own.Application.Id}")).GetProperty("credentialCount").GetInt32());
    }

    [Fact]
    public async Task P16_revoking_is_for_good()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);
        string path = $"/credentials/{host.Own.KeyPair.Id}";

        JsonElement revoked = ManagementCaller.Json(await manager.SendAsync("POST", path + ":revoke", """{"reason":"lost laptop"}"""));

        Assert.Equal(("revoked", "lost laptop"), (revoked.GetProperty("state").GetString(), revoked.GetProperty("revokedFor").GetString()));
        Assert.All(revoked.GetProperty("secrets").EnumerateArray(), secret => Assert.True(secret.GetProperty("isDestroyed").GetBoolean()));
        foreach (string verb in new[] { "resume", "suspend", "rotate", "retire", "keep", "revoke", "reveal" })
        {
            Assert.Equal((verb, "already_revoked"), (verb, (await manager.SendAsync("POST", $"{path}:{verb}")).Code));
        }

        Assert.Equal("already_revoked", (await manager.SendAsync("POST", path + ":renew", """{"expires":"2040-01-01T00:00:00Z"}""")).Code);
        Assert.Equal((401, "invalid_credential"), ((await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0]))) is var refused ? refused.Status : 0, refused.Code));
        Assert.Equal("revoked", (await manager.ReadAsync(path)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task P18_a_Secret_is_due_for_rotation_after_90_days_until_it_is_rotated()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Manager);
        string path = $"/credentials/{host.Own.KeyPair.Id}";
        host.Settings.Clock.Advance(TimeSpan.FromDays(89));
        Assert.False((await manager.ReadAsync(path)).GetProperty("dueForRotation").GetBoolean());

        host.Settings.Clock.Advance(TimeSpan.FromDays(1));

        Assert.True((await manager.ReadAsync(path)).GetProperty("dueForRotation").GetBoolean());
        Assert.Contains(host.Own.KeyPair.Id, (await manager.GetAsync("/health?health=overdue")).Text);
        Assert.Equal(2, (await manager.ReadAsync("/summary")).GetProperty("overdue").GetArrayLength());
        JsonElement rotated = ManagementCaller.Json(await manager.SendAsync("POST", path + ":rotate"));
        Canary.Watch(rotated.GetProperty("text").GetString()!);
        Assert.False(rotated.GetProperty("credential").GetProperty("dueForRotation").GetBoolean());
        Assert.Equal("rotating", rotated.GetProperty("credential").GetProperty("state").GetString());
        Assert.DoesNotContain(host.Own.KeyPair.Id, (await manager.GetAsync("/health?health=overdue")).Text);
    }

    private static RequestDraft DraftOf(ManagementHost host, JsonElement made)
    {
        RequestDraft draft = host.Draft(host.Own.KeyPair, made.GetProperty("text").GetString()!);
        draft.KeyId = made.GetProperty("credential").GetProperty("key").GetString()!;
        return draft;
    }
}
