using System.Text.Json;
using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>Holds the lists against what must be stored: everything for one who sees all, and for each other exactly their part.</summary>
internal sealed class Listing(World world, Sender sender, Operator root)
{
    private static readonly string[] Lists = ["/workspaces", "/applications", "/credentials", "/sharing-keys"];

    /// <summary>Says that every row is what it must be, no more and no less.</summary>
    public async Task CheckAsync()
    {
        foreach (string list in Lists)
        {
            JsonElement[] items = [.. (await sender.ReadAsync(root, $"{list}?limit=200")).GetProperty("items").EnumerateArray()];
            ExpectedRow[] rows = [.. world.Rows.Where(row => row.List == list)];
            Assert.Equal(rows.Select(row => row.Id).Order(StringComparer.Ordinal), items.Select(item => item.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
            foreach (JsonElement item in items)
            {
                Compare(rows.Single(row => row.Id == item.GetProperty("id").GetString()), item);
            }
        }
    }

    /// <summary>Says that somebody sees their part of a list, and that every page of it follows the one before.</summary>
    public async Task CheckViewAsync(Operator caller, Draw draw)
    {
        string list = draw.Pick(Lists);
        var call = new Call(caller, "GET", list);
        world.Judge(call);
        call.IsForbidden = list == "/applications" && !world.May(caller, "integrations");
        string filter = "";
        IEnumerable<ExpectedRow> wanted = world.Rows.Where(row => row.List == list && world.Sees(caller, row));
        if (draw.OneIn(3) && world.Workspaces.Count > 0)
        {
            ExpectedWorkspace workspace = draw.Pick(world.Workspaces);
            filter = $"&workspace={workspace.Id}";
            call.RefersToMissing = !call.IsForbidden && !world.Sees(caller, workspace);
            wanted = wanted.Where(row => row.Owner == workspace.Id || (row is ExpectedSharingKey shared && shared.Grantee == workspace.Id));
        }

        List<string> seen = [];
        string? next = null;
        do
        {
            call.Path = $"{list}?limit={(draw.OneIn(2) ? 3 : 200)}{filter}{(next is null ? "" : $"&after={next}")}";
            Support.RawAnswer answer = await sender.SendAsync(call);
            if (call.Refusals().Count > 0)
            {
                Assert.True(answer.Code is { } code && call.Refusals().Contains(code) && answer.Status == Codes.StatusOf(code), $"{call} expects {string.Join('|', call.Refusals())}: {answer}");
                return;
            }

            Assert.True(answer.Status == 200, $"{call}: {answer}");
            JsonElement page = ManagementCaller.Json(answer);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
            string shown = answer.Text;
            Assert.All(world.Workspaces.Where(workspace => !world.Sees(caller, workspace) && list != "/sharing-keys"), workspace => Assert.DoesNotContain(workspace.Id, shown));
        }
        while (next is not null);

        Assert.Equal(wanted.Select(row => row.Id).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    /// <summary>Says that somebody sees a row by its id, or finds nothing there.</summary>
    public async Task CheckRowAsync(Operator caller, Draw draw)
    {
        ExpectedRow[] rows = [.. world.Rows];
        ExpectedRow row = draw.Pick(rows);
        string list = draw.OneIn(6) ? draw.Pick(Lists) : row.List;
        Call call = world.About(caller, "GET", list == row.List ? row : null, $"{list}/{row.Id}", "viewer");
        call.IsForbidden = row is ExpectedApplication && !world.May(caller, "integrations");
        Support.RawAnswer answer = await sender.SendAsync(call);
        if (call.Refusals().Count > 0)
        {
            Assert.True(answer.Code is { } code && call.Refusals().Contains(code), $"{call} expects {string.Join('|', call.Refusals())}: {answer}");
            return;
        }

        Assert.True(answer.Status == 200, $"{call}: {answer}");
        JsonElement item = ManagementCaller.Json(answer);
        Assert.Equal((row.Id, row.Name, $"\"{row.Version}\""), (item.GetProperty("id").GetString(), item.GetProperty("name").GetString(), answer["ETag"]));
        if (row is ExpectedCredential credential)
        {
            bool canReveal = credential.Current is { IsRetrievable: true } && !credential.IsRevoked(world.Now) && world.May(caller, "revealer") && world.MayGive(caller, credential.Scopes);
            Assert.Equal((credential.Id, canReveal), (credential.Id, item.GetProperty("canReveal").GetBoolean()));
        }
    }

    /// <summary>Says that somebody sees the events of their workspaces, all of them, and from where their own people acted.</summary>
    public async Task CheckAuditAsync(Operator caller)
    {
        var call = new Call(caller, "GET", "/audit?limit=200");
        world.Judge(call);
        if (call.Only is not null)
        {
            return;
        }

        JsonElement[] all = await EventsAsync(root), seen = await EventsAsync(caller);
        JsonElement[] wanted = [.. all.Where(entry => world.Sees(caller, WorkspaceOf(entry, "workspaceId")) || world.Sees(caller, WorkspaceOf(entry, "otherWorkspaceId")))];
        Assert.Equal(wanted.Select(EventOf), seen.Select(EventOf).Take(all.Length == 200 ? wanted.Length : seen.Length));
        Assert.All(seen, entry => Assert.Equal(caller.Workspaces is not null, entry.GetProperty("number").ValueKind == JsonValueKind.Null));
        Assert.All(seen, entry => Assert.Equal(world.Sees(caller, WorkspaceOf(entry, "workspaceId")), entry.GetProperty("address").GetString() is not null));

        async Task<JsonElement[]> EventsAsync(Operator reader) => [.. (await sender.ReadAsync(reader, call.Path)).GetProperty("items").EnumerateArray()];

        static string? WorkspaceOf(JsonElement entry, string side) => entry.GetProperty(side).GetString();

        // Numbers go through all workspaces, and are told to whoever sees all of them.
        string EventOf(JsonElement entry) => $"{(caller.Workspaces is null ? entry.GetProperty("number").GetInt64() : null)} {entry.GetProperty("at")} {entry.GetProperty("actor")} {entry.GetProperty("action")} {entry.GetProperty("target")}";
    }

    private void Compare(ExpectedRow row, JsonElement item)
    {
        long version = item.GetProperty("version").GetInt64();
        if (row is ExpectedCredential credential && version > row.Version && version - row.Version <= credential.Due(world.Now))
        {
            // What time has ended is destroyed a little later, which is a change of the row.
            credential.Settle(world.Now);
            row.Version = version;
        }

        Assert.Equal((row.Id, row.Version), (row.Id, version));
        JsonObject expected = Content(row);
        (expected["name"], expected["created"]) = (row.Name, new JsonObject { ["at"] = Instant(row.Created), ["by"] = row.By });
        foreach ((string name, JsonNode? value) in expected)
        {
            var shown = JsonNode.Parse(item.GetProperty(name).GetRawText());
            Assert.True(JsonNode.DeepEquals(value, shown), $"{row.Id} {name}: {value?.ToJsonString()} expected, and {shown?.ToJsonString()} shown");
        }
    }

    private JsonObject Content(ExpectedRow row) => row switch
    {
        ExpectedWorkspace workspace => new JsonObject
        {
            ["enabled"] = workspace.Enabled,
            ["disclosure"] = Disclosure(workspace.IsRetrievable),
            ["bundleIdRequired"] = workspace.BundleIdRequired,
            ["defaultLifetimeDays"] = workspace.LifetimeDays,
            ["rotationOverlapHours"] = workspace.OverlapHours,
            ["rotationAgeDays"] = 90.0,
        },
        ExpectedApplication application => new JsonObject
        {
            ["workspaceId"] = application.Owner,
            ["bundleId"] = application.BundleId,
            ["connectedApis"] = List(application.Apis),
            ["status"] = application.IsSuspended ? "suspended" : "active",
            ["credentialCount"] = world.Credentials.Count(credential => credential.Application == application),
        },
        ExpectedSharingKey shared => new JsonObject
        {
            ["grantorWorkspaceId"] = shared.Owner,
            ["granteeWorkspaceId"] = shared.Grantee,
            ["granteeApplicationId"] = shared.GranteeApplication,
            ["scopes"] = List(shared.Scopes),
            ["expires"] = Instant(shared.Expires),
            ["state"] = shared.State(world.Now),
        },
        _ => Content((ExpectedCredential)row),
    };

    private JsonObject Content(ExpectedCredential row) => new()
    {
        ["applicationId"] = row.Application.Id,
        ["workspaceId"] = row.Owner,
        ["kind"] = row.Key is null ? "apiToken" : "keyPair",
        ["key"] = row.Key,
        ["parentId"] = row.Parent?.Id,
        ["environment"] = row.Environment,
        ["scopes"] = List(row.Scopes),
        ["clientSecretAllowed"] = row.ClientSecretAllowed,
        ["notBefore"] = Instant(row.NotBefore),
        ["expires"] = Instant(row.Expires),
        ["status"] = row.Status,
        ["state"] = row.State(world.Now),
        ["revokesAt"] = Instant(row.RevokesAt),
        ["revokedFor"] = row.RevokedFor,
        ["applicationSuspended"] = row.Application.IsSuspended,
        ["workspaceEnabled"] = world.WorkspaceOf(row).Enabled,
        ["tokenCount"] = row.Key is null ? 0 : world.Credentials.Count(token => token.Parent == row),
        ["canReveal"] = row.Current is { IsRetrievable: true } && !row.IsRevoked(world.Now),
    };

    private static string Disclosure(bool isRetrievable) => isRetrievable ? "retrievable" : "once";

    private static JsonArray List(string[] entries) => new([.. entries.Select(entry => JsonValue.Create(entry))]);

    private static string? Instant(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
