using System.Text.Json;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class ListTests
{
    private static readonly Actor Seeder = new("seeder");

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_double_while_rows_come()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        await FillAsync(host, 7);
        ManagementCaller viewer = host.SignIn("viewer");
        List<string> seen = [];
        string? after = null;
        do
        {
            JsonElement page = await viewer.ReadAsync($"/credentials?workspace={host.Own.Workspace.Id}&limit=4{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            seen.AddRange(Ids(page));
            after = page.GetProperty("next").GetString();
            host.Settings.Clock.Advance(TimeSpan.FromSeconds(1));
            await FillAsync(host, 1);
        }
        while (after is not null);

        Assert.Equal(9, seen.Count);
        Assert.Equal(seen.Distinct(), seen);
    }

    [Theory]
    [InlineData("/workspaces", "application parent kind health state")]
    [InlineData("/applications", "application parent kind health")]
    [InlineData("/sharing-keys", "application parent kind health")]
    [InlineData("/audit", "parent kind health state")]
    [InlineData("/summary", "application parent kind health state q after limit")]
    public async Task A_filter_that_a_list_has_not_is_refused(string list, string filters)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller viewer = host.SignIn("viewer");
        foreach (string filter in filters.Split(' '))
        {
            string value = filter switch { "application" => host.Own.Application.Id, "parent" => host.Own.KeyPair.Id, "kind" => "keyPair", "health" => "idle", "limit" => "5", _ => "rotating" };
            RawAnswer answer = await viewer.SendAsync("GET", $"{list}?{filter}={value}");
            Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("state=suspended", 5)]
    [InlineData("state=suspended&q=pair%200", 1)]
    [InlineData("state=active&kind=keyPair", 6)]
    [InlineData("kind=apiToken", 1)]
    [InlineData("state=revoked", 0)]
    [InlineData("health=neverExpires", 12)]
    [InlineData("health=idle", 0)]
    public async Task A_filter_pages_through_what_it_lets_pass(string filter, int count)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        CredentialRecord[] made = await FillAsync(host, 10);
        foreach (CredentialRecord row in made.Where((_, index) => index % 2 == 0))
        {
            await host.Administration.SuspendAsync(row.Id, null, Seeder, TestContext.Current.CancellationToken);
        }

        ManagementCaller viewer = host.SignIn("viewer");
        List<string> seen = [];
        string? after = null;
        do
        {
            JsonElement page = await viewer.ReadAsync($"/credentials?workspace={host.Own.Workspace.Id}&{filter}&limit=2{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, 2);
            seen.AddRange(Ids(page));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);

        Assert.Equal(count, seen.Count);
        Assert.Equal(seen.Distinct(), seen);
    }

    [Fact]
    public async Task Integrations_and_sharing_keys_are_filtered_by_their_state()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn("viewer,manager", host.Own.Workspace.Id);
        JsonElement second = ManagementCaller.Json(await manager.SendAsync("POST", "/applications", host.Own.In("""{"workspaceId":"{ws}","name":"Second"}"""))).GetProperty("application");
        JsonElement shared = (await manager.CreateAsync("/sharing-keys", host.Own.In("""{"grantorWorkspaceId":"{ws}","name":"Second"}"""))).GetProperty("sharingKey");
        string application = second.GetProperty("id").GetString()!;
        string sharingKey = shared.GetProperty("id").GetString()!;
        Assert.Equal(200, (await manager.SendAsync("POST", $"/applications/{application}:suspend")).Status);
        Assert.Equal(200, (await manager.SendAsync("PATCH", $"/sharing-keys/{sharingKey}", """{"status":"suspended"}""")).Status);

        Assert.Equal([application], Ids(await manager.ReadAsync("/applications?state=suspended")));
        Assert.Equal([host.Own.Application.Id], Ids(await manager.ReadAsync("/applications?state=active")));
        Assert.Equal([sharingKey], Ids(await manager.ReadAsync("/sharing-keys?state=suspended")));
        Assert.Equal([host.Own.SharingKey.Id], Ids(await manager.ReadAsync("/sharing-keys?state=active")));
    }

    [Fact]
    public async Task A_text_to_look_for_has_200_characters_at_most()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller viewer = host.SignIn("viewer");

        Assert.Equal(200, (await viewer.GetAsync($"/credentials?q={new string('x', 200)}")).Status);
        RawAnswer tooLong = await viewer.GetAsync($"/credentials?q={new string('x', 201)}");
        Assert.Equal((400, "invalid_request"), (tooLong.Status, tooLong.Code));
    }

    [Theory]
    [InlineData("/credentials?limit=0")]
    [InlineData("/credentials?limit=201")]
    [InlineData("/credentials?limit=-1")]
    [InlineData("/credentials?limit=ten")]
    [InlineData("/credentials?state=alive")]
    [InlineData("/credentials?state=none")]
    [InlineData("/credentials?kind=1")]
    [InlineData("/credentials?health=none")]
    [InlineData("/credentials?after=nonsense")]
    [InlineData("/credentials?state=active&after=nonsense")]
    [InlineData("/credentials?state=active&state=revoked")]
    [InlineData("/audit?after=nonsense")]
    [InlineData("/applications?state=revoked")]
    [InlineData("/sharing-keys?state=rotating")]
    public async Task A_filter_that_no_list_knows_is_refused(string path)
    {
        await using ManagementHost host = await ManagementHost.StartAsync();

        RawAnswer answer = await host.SignIn("viewer").GetAsync(path);

        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_audit_names_who_did_what_to_which_row_from_where()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        await host.SignIn("viewer,manager").SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend");

        JsonElement latest = (await host.SignIn("viewer").ReadAsync($"/audit?workspace={host.Own.Workspace.Id}&limit=1")).GetProperty("items")[0];

        Assert.Equal("mona", latest.GetProperty("actor").GetString());
        Assert.Equal("credential.suspended", latest.GetProperty("action").GetString());
        Assert.Equal(host.Own.KeyPair.Id, latest.GetProperty("target").GetString());
        Assert.Equal("Own pair", latest.GetProperty("targetName").GetString());
        Assert.Equal("127.0.0.1", latest.GetProperty("address").GetString());
        Assert.EndsWith("Z", latest.GetProperty("at").GetString());
    }

    [Fact]
    public async Task The_catalogue_lists_the_connected_APIs_of_the_host()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Map = static app =>
            {
                Docs.ReadmeCode.MapConnectedApis(app);
                Microsoft.AspNetCore.Builder.ManagementEndpointRouteBuilderExtensions.MapSigningManagement(app);
            },
        });

        JsonElement items = (await host.SignIn("viewer").ReadAsync("/catalogue")).GetProperty("items");

        Assert.Equal(["billing", "orders"], items.EnumerateArray().Select(api => api.GetProperty("name").GetString()));
        Assert.Equal("/orders/invoices", items[0].GetProperty("endpoints")[0].GetProperty("pattern").GetString());
    }

    private static async Task<CredentialRecord[]> FillAsync(ManagementHost host, int count)
    {
        List<CredentialRecord> made = [];
        for (int i = 0; i < count; i++)
        {
            SecretResult result = await host.Administration.CreateCredentialAsync(
                new NewCredential { ApplicationId = host.Own.Application.Id, Kind = CredentialKind.KeyPair, Name = $"pair {i} {host.Settings.Clock.GetUtcNow():ss.fff}" }, Seeder, TestContext.Current.CancellationToken);
            Canary.Watch(result.Text!);
            made.Add(result.Credential!);
        }

        return [.. made];
    }

    private static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetString()!);
}
