using System.Text.Json;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class ChangeTests
{
    [Theory]
    [InlineData("/workspaces/{ws}")]
    [InlineData("/applications/{app}")]
    [InlineData("/credentials/{key}")]
    [InlineData("/sharing-keys/{shk}")]
    public async Task A_lost_update_is_refused_and_changes_nothing(string path)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,administrator");
        path = host.Own.In(path);
        string seen = (await caller.GetAsync(path))["ETag"]!;

        RawAnswer first = await caller.SendAsync("PATCH", path, """{"name":"first"}""", seen);
        RawAnswer second = await caller.SendAsync("PATCH", path, """{"name":"second"}""", seen);
        RawAnswer deleted = await caller.SendAsync("DELETE", path, ifMatch: seen);

        Assert.Equal("\"1\"", seen);
        Assert.Equal((200, "\"2\""), (first.Status, first["ETag"]));
        Assert.Equal((412, "version_mismatch"), (second.Status, second.Code));
        Assert.Equal((412, "version_mismatch"), (deleted.Status, deleted.Code));
        Assert.Equal("first", (await caller.ReadAsync(path)).GetProperty("name").GetString());
        Assert.Equal(200, (await caller.SendAsync("PATCH", path, """{"name":"third"}""", first["ETag"])).Status);
    }

    [Theory]
    [InlineData("active")]
    [InlineData("suspended")]
    public async Task A_revoked_sharing_key_is_brought_back_by_nobody(string status)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,administrator");
        string path = host.Own.In("/sharing-keys/{shk}");
        Assert.Equal(200, (await caller.SendAsync("POST", path + ":revoke")).Status);

        RawAnswer answer = await caller.SendAsync("PATCH", path, $$"""{"status":"{{status}}"}""");

        Assert.Equal((409, "already_revoked"), (answer.Status, answer.Code));
        Assert.Equal("revoked", (await caller.ReadAsync(path)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("*", 200)]
    [InlineData("\"7\", \"1\"", 200)]
    [InlineData("\"7\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("1", 412)]
    [InlineData("\"01\"", 412)]
    [InlineData("\"1", 412)]
    [InlineData("", 200)]
    public async Task If_Match_is_read_as_HTTP_has_it(string ifMatch, int status)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();

        Assert.Equal(status, (await host.SignIn("viewer,manager").SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend", null, ifMatch.Length == 0 ? null : ifMatch)).Status);
    }

    [Fact]
    public async Task Of_two_changes_to_the_same_version_at_once_one_is_told_so()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager");
        await caller.SendAsync("POST", $"/credentials/{host.Own.Token.Id}:resume");

        RawAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => caller.SendAsync("PATCH", $"/credentials/{host.Own.KeyPair.Id}", $$"""{"name":"name {{i}}"}""", "\"1\"")));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(7, answers.Count(answer => answer.Status == 412));
    }

    [Fact]
    public async Task A_store_that_fails_is_told_in_words_and_in_the_log()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager");
        await caller.GetAsync("/me");
        await host.Place.BreakAsync();

        RawAnswer answer = await caller.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend");

        await host.Place.MendAsync();
        Assert.Equal((503, "credential_store_unavailable"), (answer.Status, answer.Code));
        Assert.Contains(host.Log.Alarms, line => line.Id == 5003);
        Assert.Equal(200, (await caller.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:resume")).Status);
    }

    [Theory]
    [InlineData("/workspaces", """{"name":"second"}""")]
    [InlineData("/applications", """{"workspaceId":"{ws}","name":"second"}""")]
    [InlineData("/credentials", """{"applicationId":"{app}","kind":"keyPair","name":"second","environment":"test"}""")]
    [InlineData("/sharing-keys", """{"grantorWorkspaceId":"{ws}","name":"second"}""")]
    public async Task What_is_created_says_where_it_is(string path, string body)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,administrator");

        RawAnswer created = await caller.SendAsync("POST", path, host.Own.In(body));

        if (ManagementCaller.Json(created).TryGetProperty("text", out JsonElement text) && text.GetString() is { } secret)
        {
            Canary.Watch(secret);
        }

        Assert.Equal((201, "\"1\""), (created.Status, created["ETag"]));
        RawAnswer found = await caller.OpenAsync(created["Location"]!);
        Assert.Equal("second", ManagementCaller.Json(found).GetProperty("name").GetString());
    }

    [Fact]
    public async Task No_answer_but_to_create_rotate_and_reveal_has_a_secret_in_it()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,revealer,administrator");
        List<string> texts = [.. host.Own.Texts, .. host.Foreign.Texts];
        List<(string Call, RawAnswer Answer)> others = [];
        foreach (ManagementCall call in ManagementCall.All)
        {
            RawAnswer answer = await caller.SendAsync(call.Method, host.Own.In(call.Path), call.Body is null ? null : host.Own.In(call.Body));
            if (call.ShowsText)
            {
                string text = ManagementCaller.Json(answer).GetProperty("text").GetString()!;
                Assert.StartsWith("acme_", text);
                Assert.Contains("no-store", answer["Cache-Control"]);
                Canary.Watch(text);
                texts.Add(text);
                answer = new RawAnswer(answer.Status, [], System.Text.Encoding.UTF8.GetBytes(answer.Text.Replace(text, "", StringComparison.Ordinal)));
            }

            others.Add((call.ToString(), answer));
        }

        foreach (string path in new[] { "/signing", "/signing/keys", "/signing/applications/x" })
        {
            others.Add((path, await caller.OpenAsync(path)));
        }

        foreach (string path in new[] { "/credentials", "/applications", "/sharing-keys", "/audit?limit=200", "/summary", "/health", "/workspaces" })
        {
            others.Add((path, await caller.GetAsync(path)));
        }

        Assert.Equal(10, texts.Distinct().Count());
        foreach ((string call, RawAnswer answer) in others)
        {
            // The random part of each: a piece of it would be found by no check for the whole.
            Assert.All(texts, text => Assert.False(answer.ToString().Contains(text.Split('_')[^1][..20], StringComparison.Ordinal), $"{call} shows a secret"));
        }
    }

    [Fact]
    public async Task A_reveal_is_in_the_audit_and_a_secret_shown_once_stays_hidden()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller caller = host.SignIn("viewer,manager,revealer,administrator");
        string pair = $"/credentials/{host.Own.KeyPair.Id}";
        Assert.True((await caller.ReadAsync(pair)).GetProperty("canReveal").GetBoolean());
        Assert.False((await host.SignIn("viewer").ReadAsync(pair)).GetProperty("canReveal").GetBoolean());

        JsonElement revealed = ManagementCaller.Json(await caller.SendAsync("POST", pair + ":reveal"));
        await caller.SendAsync("PATCH", $"/workspaces/{host.Own.Workspace.Id}", """{"disclosure":"once"}""");
        RawAnswer rotated = await caller.SendAsync("POST", pair + ":rotate");
        Canary.Watch(ManagementCaller.Json(rotated).GetProperty("text").GetString()!);
        RawAnswer hidden = await caller.SendAsync("POST", pair + ":reveal");

        Assert.Equal(host.Own.Texts[0], revealed.GetProperty("text").GetString());
        Assert.Equal((409, "not_retrievable"), (hidden.Status, hidden.Code));
        Assert.Contains("credential.revealed", (await caller.GetAsync($"/audit?q={host.Own.KeyPair.Id}")).Text);
    }
}
