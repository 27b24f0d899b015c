using System.Text.Json;
using System.Text.Json.Nodes;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Operators;

/// <summary>Many people at the admin API at once: what is stored is what their calls give one after the other.</summary>
public sealed class CrowdTests
{
    private const string Roles = "viewer,manager,revealer,administrator";

    // What each change may touch beside the version.
    private static readonly Dictionary<string, string[]> Touched = new(StringComparer.Ordinal)
    {
        ["credential.rotated"] = ["secrets"],
        ["credential.retired"] = ["secrets"],
        ["credential.renewed"] = ["expires"],
        ["credential.suspended"] = ["status"],
        ["credential.resumed"] = ["status"],
        ["credential.revoked"] = ["revokesAt", "revoked", "revokedFor"],
        ["credential.kept"] = ["revokesAt", "revoked", "revokedFor"],
        ["credential.edited"] = ["name", "scopes"],
    };

    private static readonly string[] Content = ["name", "scopes", "clientSecretAllowed", "expires", "status", "revokesAt", "revoked", "revokedFor", "secrets"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Changes_to_one_credential_at_once_follow_one_another_and_none_is_lost(int seed)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        var draw = new Draw(seed);
        string path = $"/credentials/{host.Own.KeyPair.Id}";
        List<(string Name, int? Tag, JsonObject? Sent, RawAnswer Answer)> done = [];
        for (int round = 0; round < 5; round++)
        {
            long version = (await host.Store.GetAsync<CredentialRecord>(host.Own.KeyPair.Id, TestContext.Current.CancellationToken))!.Version;
            (string Name, string Path, string Method, JsonObject? Body, int? Tag)[] calls = [.. Enumerable.Range(0, 8).Select(i => Next($"{round}-{i}", version))];
            ManagementCaller[] people = [.. calls.Select(call => new ManagementCaller(host, client, call.Name, Roles, []))];
            foreach (ManagementCaller person in people)
            {
                // Whoever has changed something, if only in vain, has the token of the page.
                await person.SendAsync("POST", "/credentials/crd_0000000000000000000000:suspend");
            }

            RawAnswer[] answers = await Task.WhenAll(calls.Select((call, i) => people[i].SendAsync(call.Method, call.Path, call.Body?.ToJsonString(), call.Tag is null ? null : $"\"{call.Tag}\"")));
            done.AddRange(calls.Select((call, i) => (call.Name, call.Tag, call.Body, answers[i])));
        }

        await CheckAsync(host, done);

        (string Name, string Path, string Method, JsonObject? Body, int? Tag) Next(string name, long version)
        {
            int? tag = draw.OneIn(2) ? (int)version : null;
            return draw.Below(9) switch
            {
                0 or 1 => (name, path + ":rotate", "POST", new JsonObject { ["overlapSeconds"] = draw.OneIn(2) ? 0 : 60 }, tag),
                2 => (name, path + ":retire", "POST", null, tag),
                3 => (name, path + ":renew", "POST", new JsonObject { ["expires"] = $"20{31 + draw.Below(40)}-01-01T00:00:00Z" }, tag),
                4 => (name, path + ":suspend", "POST", null, tag),
                5 => (name, path + ":resume", "POST", null, tag),
                6 => (name, path + ":revoke", "POST", new JsonObject { ["afterSeconds"] = 60 + draw.Below(60), ["reason"] = name }, tag),
                7 => (name, path + ":keep", "POST", null, tag),
                _ => (name, path, "PATCH", new JsonObject { ["name"] = $"pair {name}" }, tag),
            };
        }
    }

    [Fact]
    public async Task Of_those_who_make_the_same_at_once_one_has_made_it_and_nothing_is_left_of_what_was_deleted_meanwhile()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn(Roles);
        await manager.SendAsync("POST", "/credentials/crd_0000000000000000000000:suspend");
        string pair = host.Own.In("""{"applicationId":"{app}","kind":"keyPair","name":"the only one"}""");
        string application = host.Own.In("""{"workspaceId":"{ws}","name":"app","bundleId":"com.example.one","credential":{"name":"first"}}""");
        string token = host.Own.In("""{"applicationId":"{app}","kind":"apiToken","name":"NAME","parentId":"{key}","scopes":["read"]}""");

        RawAnswer[] pairs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => manager.SendAsync("POST", "/credentials", pair)));
        RawAnswer[] applications = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => manager.SendAsync("POST", "/applications", application)));
        RawAnswer[] tokens = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i == 6
            ? manager.SendAsync("PATCH", host.Own.In("/credentials/{key}"), """{"scopes":[]}""")
            : manager.SendAsync("POST", "/credentials", token.Replace("NAME", $"token {i}", StringComparison.Ordinal))));
        JsonElement listed = await manager.ReadAsync(host.Own.In("/credentials?parent={key}&limit=200"));
        RawAnswer[] gone = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i == 6
            ? manager.SendAsync("DELETE", host.Own.In("/applications/{app}"))
            : manager.SendAsync("POST", "/credentials", pair.Replace("the only one", $"late {i}", StringComparison.Ordinal))));

        foreach (RawAnswer[] answers in new[] { pairs, applications, tokens, gone })
        {
            WatchTexts(answers);
        }

        Assert.Equal((1, 7), (pairs.Count(answer => answer.Status == 201), pairs.Count(answer => answer.Code == "name_taken")));
        Assert.Equal((1, 7), (applications.Count(answer => answer.Status == 201), applications.Count(answer => answer.Code is "bundle_id_taken" or "name_taken")));
        Assert.Equal(200, tokens[6].Status);
        Assert.All(tokens, answer => Assert.True(answer.Status is 200 or 201 || answer.Code == "scope_not_granted", answer.ToString()));
        Assert.All(listed.GetProperty("items").EnumerateArray(), row => Assert.Equal(0, row.GetProperty("scopes").GetArrayLength()));
        Assert.Equal(204, gone[6].Status);
        Assert.All(gone, answer => Assert.True(answer.Status is 201 or 204 || answer.Code == "not_found", answer.ToString()));
        Assert.DoesNotContain(host.Own.Application.Id, (await manager.GetAsync("/credentials?limit=200")).Text);
    }

    private static async Task CheckAsync(ManagementHost host, List<(string Name, int? Tag, JsonObject? Sent, RawAnswer Answer)> done)
    {
        ManagementCaller reader = host.SignIn(Roles);
        JsonElement[] events =
            [.. (await reader.ReadAsync($"/audit?limit=200&q={host.Own.KeyPair.Id}")).GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("actor").GetString() != "seeder").Reverse()];
        JsonElement last = await reader.ReadAsync($"/credentials/{host.Own.KeyPair.Id}");
        WatchTexts([.. done.Select(call => call.Answer)]);
        JsonElement former = default;
        int version = 1;
        foreach (JsonElement entry in events)
        {
            // Each version is one event's, and that is one call's, which was told so.
            (string name, int? tag, JsonObject? sent, RawAnswer answer) = Assert.Single(done, call => call.Name == entry.GetProperty("actor").GetString());
            Assert.Equal((200, $"\"{++version}\""), (answer.Status, answer["ETag"]));
            Assert.True(tag is null || tag == version - 1, $"{name} has changed version {version - 1} and asked for {tag}");
            JsonElement body = ManagementCaller.Json(answer);
            JsonElement row = body.TryGetProperty("credential", out JsonElement inner) ? inner : body;
            string[] touched = Touched[entry.GetProperty("action").GetString()!];
            foreach (string member in Content.Where(member => former.ValueKind != JsonValueKind.Undefined && !touched.Contains(member)))
            {
                Assert.Equal(former.GetProperty(member).GetRawText(), row.GetProperty(member).GetRawText());
            }

            Assert.True(sent?["name"] is null || sent["name"]!.GetValue<string>() == row.GetProperty("name").GetString(), $"{name} is lost");
            Assert.True(sent?["expires"] is null || sent["expires"]!.GetValue<string>() == row.GetProperty("expires").GetString(), $"{name} is lost");
            Assert.True(sent?["reason"] is null || name == row.GetProperty("revokedFor").GetString(), $"{name} is lost");
            former = row;
        }

        Assert.Equal(version, last.GetProperty("version").GetInt32());
        Assert.All(Content, member => Assert.Equal(former.GetProperty(member).GetRawText(), last.GetProperty(member).GetRawText()));
        HashSet<string?> actors = [.. events.Select(entry => entry.GetProperty("actor").GetString())];
        foreach ((string name, int? tag, _, RawAnswer answer) in done.Where(call => !actors.Contains(call.Name)))
        {
            Assert.True(answer.Status == 200 || answer.Code is "already_rotating" or "not_rotating" || (answer.Code == "version_mismatch" && tag is not null), $"{name}: {answer}");
            Assert.DoesNotContain("\"text\"", answer.Text);
        }

        Assert.All(done.Where(call => call.Tag is not null && actors.Contains(call.Name)).GroupBy(call => call.Tag), winners => Assert.Single(winners));
        await CheckTextsAsync(host, done.Select(call => call.Answer), last);
    }

    // Every text that was handed over is one Secret's, and accepted exactly if the list has it in force.
    private static async Task CheckTextsAsync(ManagementHost host, IEnumerable<RawAnswer> answers, JsonElement last)
    {
        Dictionary<int, string> texts = answers.Where(answer => answer.Text.Contains("\"text\"", StringComparison.Ordinal)).Select(ManagementCaller.Json)
            .ToDictionary(body => body.GetProperty("credential").GetProperty("secrets").EnumerateArray().Max(secret => secret.GetProperty("version").GetInt32()), body => body.GetProperty("text").GetString()!);
        texts[1] = host.Own.Texts[0];
        foreach (JsonElement secret in last.GetProperty("secrets").EnumerateArray())
        {
            string text = texts[secret.GetProperty("version").GetInt32()];
            bool isLive = !secret.GetProperty("isDestroyed").GetBoolean() && last.GetProperty("status").GetString() == "active";
            Assert.Equal(secret.GetProperty("hint").GetString(), text[^4..]);
            Assert.Equal(isLive, (await host.SendAsync(host.Draft(host.Own.KeyPair, text))).Status == 200);
        }
    }

    private static void WatchTexts(RawAnswer[] answers)
    {
        foreach (RawAnswer answer in answers.Where(answer => answer.Status is 200 or 201 && answer.Text.Contains("\"text\"", StringComparison.Ordinal)))
        {
            Canary.Watch(ManagementCaller.Json(answer).GetProperty("text").GetString()!);
        }
    }
}
