using System.Text.Json;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Operators;

/// <summary>Holds what is told of many rows at once, by a filter, in the summary and of the one who asks, against what must be stored.</summary>
internal sealed class Overview(World world, Sender sender, Operator root, Draw draw)
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(90);
    private static readonly string[] CredentialStates = ["revoked", "suspended", "expired", "scheduled", "expiringSoon", "rotating", "active"];
    private static readonly string[] HealthWords = ["neverExpires", "idle", "overdue", "retiringSecretInUse"];
    private static readonly string[] Lists = ["/workspaces", "/applications", "/credentials", "/credentials", "/health", "/health", "/sharing-keys"];
    private static readonly string[] NoPlaces = ["x", "1", ".", "1.\u0000", "-1.a", "99999999999999999999.a", "9223372036854775807.app_x", "0.", "' or 1=1"];

    // What each list may not be asked for.
    private static readonly (string Name, string Value)[] NoFilters =
        [("limit", "0"), ("limit", "201"), ("limit", "1e2"), ("limit", "-1"), ("kind", "keypair"), ("kind", "0"), ("health", "none"), ("health", "3"), ("state", "Active"), ("state", "1"), ("q", new string('q', 201))];

    /// <summary>Says that each page of a list, filtered in any way, is exactly what the filter says, the newest first.</summary>
    public async Task CheckFilterAsync(Operator caller)
    {
        string list = draw.Pick(Lists);
        var call = new Call(caller, "GET", list);
        world.Judge(call);
        call.IsForbidden = list == "/applications" && !world.May(caller, "integrations");
        List<(string Name, string Value)> filter = [];
        Dictionary<string, JsonElement> uses = await UsesAsync();
        ExpectedRow[] wanted = [.. Filter(call, list, filter, uses).OrderByDescending(row => row.Created).ThenByDescending(row => row.Id, StringComparer.Ordinal)];
        List<string> seen = [];
        string? next = null;
        do
        {
            int limit = draw.Pick([1, 2, 3, 50, 200]);
            call.Path = $"{list}?limit={limit}{string.Concat(filter.Select(one => $"&{one.Name}={Uri.EscapeDataString(one.Value)}"))}{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}";
            RawAnswer answer = await sender.SendAsync(call);
            if (IsRefused(call, answer))
            {
                return;
            }

            JsonElement page = ManagementCaller.Json(answer);
            string[] ids = [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
            Assert.True(ids.Length <= limit, $"{call}: {answer}");
            seen.AddRange(ids);
            next = page.GetProperty("next").GetString();
            Assert.True(next is null || ids.Length == limit, $"a page that is not the last one is full: {call}: {answer}");
        }
        while (next is not null);

        Assert.True(wanted.Select(row => row.Id).SequenceEqual(seen), $"{call}: {string.Join(' ', wanted.Select(row => row.Id))} expected, and {string.Join(' ', seen)} seen");
    }

    /// <summary>Says that a place of another list, or of nobody's, gives no row that one may not see.</summary>
    public async Task CheckPlaceAsync(Operator caller)
    {
        string from = draw.Pick(Lists), to = draw.OneIn(6) ? "/audit" : draw.Pick(Lists);
        JsonElement page = await sender.ReadAsync(root, $"{from}?limit=1");
        string place = draw.OneIn(2) ? draw.Pick(NoPlaces) : page.GetProperty("next").GetString() ?? "0.x";
        var call = new Call(caller, "GET", $"{to}?after={Uri.EscapeDataString(place)}");
        world.Judge(call);
        call.IsForbidden = to == "/applications" && !world.May(caller, "integrations");
        RawAnswer answer = await sender.SendAsync(call);
        bool isSealed = to == "/audit" && caller.Workspaces is not null && call.Refusals().Count == 0;
        Assert.True(!isSealed || answer.Code == "invalid_request", $"a place of the audit is sealed for whoever sees some workspaces: {call}: {answer}");
        if (answer.Code == "invalid_request" && answer.Status == 400 && call.Refusals().Count == 0)
        {
            Assert.True(isSealed || NoPlaces.Contains(place), $"{call}: {answer}");
            return;
        }

        if (!IsRefused(call, answer) && to != "/audit")
        {
            Assert.All(
                ManagementCaller.Json(answer).GetProperty("items").EnumerateArray(),
                item => Assert.True(world.Sees(caller, world.Rows.Single(row => row.Id == item.GetProperty("id").GetString())), $"{call}: {answer}"));
        }
    }

    /// <summary>Says that the events of an application are its own and those of the credentials that it has.</summary>
    public async Task CheckActivityAsync(Operator caller)
    {
        if (world.Applications.Count == 0)
        {
            return;
        }

        ExpectedApplication application = draw.Pick(world.Applications);
        var call = new Call(caller, "GET", "/audit?limit=200");
        world.Judge(call);
        call.RefersToMissing = !world.Sees(caller, application);
        JsonElement[] all = call.Only is null ? [.. (await sender.ReadAsync(caller, call.Path)).GetProperty("items").EnumerateArray()] : [];
        call.Path += $"&application={application.Id}";
        RawAnswer answer = await sender.SendAsync(call);
        if (IsRefused(call, answer))
        {
            return;
        }

        string[] targets = [application.Id, .. world.Credentials.Where(row => row.Application == application).Select(row => row.Id)];
        string[] wanted = [.. all.Where(entry => targets.Contains(entry.GetProperty("target").GetString())).Select(entry => entry.GetRawText())];
        string[] seen = [.. ManagementCaller.Json(answer).GetProperty("items").EnumerateArray().Select(entry => entry.GetRawText())];
        Assert.Equal(wanted, all.Length == 200 ? seen.Take(wanted.Length) : seen);
    }

    /// <summary>Says that the summary counts and shows what there is for somebody to see.</summary>
    public async Task CheckSummaryAsync(Operator caller)
    {
        ExpectedWorkspace? workspace = world.Workspaces.Count > 0 && draw.OneIn(2) ? draw.Pick(world.Workspaces) : null;
        var call = new Call(caller, "GET", $"/summary{(workspace is null ? "" : $"?workspace={workspace.Id}")}");
        world.Judge(call);
        call.RefersToMissing = workspace is not null && !world.Sees(caller, workspace);
        RawAnswer answer = await sender.SendAsync(call);
        if (IsRefused(call, answer))
        {
            return;
        }

        JsonElement summary = ManagementCaller.Json(answer);
        ExpectedCredential[] rows = [.. world.Credentials.Where(row => world.Sees(caller, row) && (workspace is null || row.Owner == workspace.Id))];
        Assert.Equal(
            CredentialStates.Order(StringComparer.Ordinal).Select(state => (state, rows.Count(row => row.State(world.Now) == state))),
            summary.GetProperty("counts").EnumerateObject().OrderBy(count => count.Name, StringComparer.Ordinal).Select(count => (count.Name, count.Value.GetInt32())));
        Assert.Equal(
            world.May(caller, "integrations") ? world.Applications.Count(row => world.Sees(caller, row) && (workspace is null || row.Owner == workspace.Id)) : 0,
            summary.GetProperty("applications").GetInt32());
        Assert.Equal(
            rows.Where(row => row.State(world.Now) == "expiringSoon").Select(row => row.End).Order().Take(5),
            Shown("expiring").Select(row => row.End));
        Assert.Equal(
            rows.Where(IsOverdue).Select(row => row.Current!.Created).Order().Take(5),
            Shown("overdue").Select(row => row.Current!.Created));
        JsonElement audit = await sender.ReadAsync(caller, $"/audit?limit=10{(workspace is null ? "" : $"&workspace={workspace.Id}")}");
        Assert.Equal(audit.GetProperty("items").GetRawText(), summary.GetProperty("audit").GetRawText());

        IEnumerable<ExpectedCredential> Shown(string name) => summary.GetProperty(name).EnumerateArray().Select(item => rows.Single(row => row.Id == item.GetProperty("id").GetString()));
    }

    /// <summary>Says that one is told who one is, what one may do, and what one sees.</summary>
    public async Task CheckMeAsync(Operator caller)
    {
        var call = new Call(caller, "GET", "/me");
        world.Judge(call);
        RawAnswer answer = await sender.SendAsync(call);
        if (IsRefused(call, answer))
        {
            return;
        }

        JsonElement me = ManagementCaller.Json(answer);
        (string Word, string Role)[] abilities = [("view", "viewer"), ("manage", "manager"), ("reveal", "revealer"), ("administer", "administrator"), ("integrations", "integrations"), ("apiTokens", "apiTokens")];
        Assert.Equal(caller.Name, me.GetProperty("name").GetString());
        Assert.Equal(abilities.Where(ability => world.May(caller, ability.Role)).Select(ability => ability.Word), me.GetProperty("can").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(world.ScopeOf(caller)?.Order(StringComparer.Ordinal), me.GetProperty("workspaces") is { ValueKind: JsonValueKind.Array } ids ? ids.EnumerateArray().Select(id => id.GetString()!).Order(StringComparer.Ordinal) : null);
        Assert.Equal((false, world.Now), (me.GetProperty("development").GetBoolean(), me.GetProperty("now").GetDateTimeOffset()));
    }

    private static bool IsRefused(Call call, RawAnswer answer)
    {
        if (call.Refusals().Count == 0)
        {
            Assert.True(answer.Status == 200, $"{call} expects 200: {answer}");
            return false;
        }

        Assert.True(answer.Code is { } code && call.Refusals().Contains(code) && answer.Status == Codes.StatusOf(code), $"{call} expects {string.Join('|', call.Refusals())}: {answer}");
        return true;
    }

    // Draws a filter, and gives the rows that it lets through.
    private IEnumerable<ExpectedRow> Filter(Call call, string list, List<(string Name, string Value)> filter, Dictionary<string, JsonElement> uses)
    {
        Operator caller = call.Caller;
        IEnumerable<ExpectedRow> wanted = world.Rows.Where(row => row.List == (list == "/health" ? "/credentials" : list) && world.Sees(caller, row));
        if (draw.OneIn(12))
        {
            filter.Add(draw.Pick(NoFilters));
            call.Misshapen.Add("invalid_request");
        }

        if (draw.OneIn(3))
        {
            ExpectedWorkspace workspace = draw.Pick(world.Workspaces);
            filter.Add(("workspace", workspace.Id));
            call.RefersToMissing |= !world.Sees(caller, workspace);
            wanted = wanted.Where(row => row.Owner == workspace.Id || (row is ExpectedSharingKey shared && shared.Grantee == workspace.Id));
        }

        if (draw.OneIn(3))
        {
            string text = draw.OneIn(2) ? draw.Pick(["A", "beta", "BETA", "ÜNÏ", "🗝", "<img", "name 1", "%", "_", "\\", "acme_KEY", "crd_"]) : draw.Pick([.. world.Rows]).Id[^draw.Pick([3, 22])..];
            filter.Add(("q", text));
            wanted = wanted.Where(row => new[] { row.Id, row.Name, (row as ExpectedCredential)?.Key, (row as ExpectedApplication)?.BundleId }.Any(value => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true));
        }

        if (list is "/workspaces" or "/applications" or "/sharing-keys" && draw.OneIn(12))
        {
            // What only credentials have.
            filter.Add(draw.Pick([("application", "app_7"), ("parent", "crd_7"), ("kind", "keyPair"), ("health", "idle")]));
            call.Misshapen.Add("invalid_request");
        }

        if (list is "/applications" or "/sharing-keys" && draw.OneIn(3))
        {
            string state = draw.Pick(list == "/applications" ? ["active", "suspended"] : new[] { "active", "suspended", "expired", "revoked" });
            filter.Add(("state", state));
            wanted = wanted.Where(row => row is ExpectedApplication application ? application.IsSuspended == (state == "suspended") : ((ExpectedSharingKey)row).State(world.Now) == state);
        }

        return list is "/credentials" or "/health" ? FilterCredentials(call, wanted.Cast<ExpectedCredential>(), list == "/health", filter, uses) : wanted;
    }

    private IEnumerable<ExpectedCredential> FilterCredentials(Call call, IEnumerable<ExpectedCredential> wanted, bool isHealth, List<(string Name, string Value)> filter, Dictionary<string, JsonElement> uses)
    {
        if (draw.OneIn(4))
        {
            string state = draw.Pick(CredentialStates);
            filter.Add(("state", state));
            wanted = wanted.Where(row => row.State(world.Now) == state);
        }

        if (draw.OneIn(4))
        {
            bool isPair = draw.OneIn(2);
            filter.Add(("kind", isPair ? "keyPair" : "apiToken"));
            wanted = wanted.Where(row => row.Key is not null == isPair);
        }

        if (draw.OneIn(4) && world.Applications.Count > 0)
        {
            ExpectedApplication application = draw.Pick(world.Applications);
            filter.Add(("application", application.Id));
            call.RefersToMissing |= !world.Sees(call.Caller, application);
            wanted = wanted.Where(row => row.Application == application);
        }

        if (draw.OneIn(6) && world.Credentials.Count > 0)
        {
            ExpectedCredential parent = draw.Pick(world.Credentials);
            filter.Add(("parent", parent.Id));
            call.RefersToMissing |= !world.Sees(call.Caller, parent);
            wanted = wanted.Where(row => row.Parent == parent);
        }

        if (draw.OneIn(3))
        {
            string word = draw.Pick(HealthWords);
            filter.Add(("health", word));
            return wanted.Where(row => HealthOf(row, uses[row.Id]).Contains(word));
        }

        return isHealth ? wanted.Where(row => HealthOf(row, uses[row.Id]).Length > 0) : wanted;
    }

    private bool IsOverdue(ExpectedCredential row) =>
        row is { Key: not null, Current: { } current } && row.State(world.Now) is not ("revoked" or "expired") && world.Now - current.Created >= Age;

    // When something was used last is taken as it is told.
    private string[] HealthOf(ExpectedCredential row, JsonElement told)
    {
        if (row.State(world.Now) is "revoked" or "expired")
        {
            return [];
        }

        ExpectedSecret? former = row.Secrets.LastOrDefault(secret => !secret.IsDestroyed && secret.RetiresAt > world.Now);
        DateTimeOffset? formerUse = former is null ? null : UseOf(told.GetProperty("secrets").EnumerateArray().Single(secret => secret.GetProperty("version").GetInt32() == former.Version));
        bool[] holds = [row.End is null, world.Now - (UseOf(told) ?? row.Created) >= Age, IsOverdue(row), row.IsRotating(world.Now) && formerUse > row.Current!.Created];
        string[] health = [.. HealthWords.Where((_, i) => holds[i])];
        Assert.Equal(health, told.GetProperty("health").EnumerateArray().Select(word => word.GetString()));
        return health;
    }

    private async Task<Dictionary<string, JsonElement>> UsesAsync() =>
        (await sender.ReadAsync(root, "/credentials?limit=200")).GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);

    private static DateTimeOffset? UseOf(JsonElement told) => told.GetProperty("lastUsed") is { ValueKind: JsonValueKind.Object } use ? use.GetProperty("at").GetDateTimeOffset() : null;
}
