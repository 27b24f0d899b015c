using System.Collections.Concurrent;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;
using Signing.Management;

namespace Signing.Browser.Tests;

public sealed class NavigationTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _workspace = null!;
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task The_address_names_page_filter_and_panel_and_Back_goes_through_them()
    {
        SecretResult made = await Site.AddKeyAsync(_application, "Till 7");
        await OpenAsync("keys");

        await Page.GetByLabel("Any state").SelectOptionAsync("Active");
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "keys?state=active").AbsoluteUri);
        await SettledAsync();
        await Link("Till 7").ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"keys?state=active&panel={made.Credential!.Id}").AbsoluteUri);
        await Expect(Panel).ToContainTextAsync("Till 7");

        await Page.GoBackAsync();
        await Expect(Panel).ToHaveCountAsync(0);
        await Page.GoBackAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "keys").AbsoluteUri);
        await Expect(Page.GetByLabel("Any state")).ToHaveValueAsync("");

        await OpenAsync($"keys?state=active&panel={made.Credential.Id}");
        await Expect(Panel).ToContainTextAsync(made.Credential.Key!);
        await Expect(Page.GetByLabel("Any state")).ToHaveValueAsync("active");
    }

    [Fact]
    public async Task No_script_waits_for_another_to_be_fetched_and_none_is_fetched_twice()
    {
        var fetched = new ConcurrentQueue<string>();
        string[] others = [.. typeof(ManagementOptions).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Dashboard/", StringComparison.Ordinal) && name.EndsWith(".js", StringComparison.Ordinal) && name != "Dashboard/main.js")
            .Select(name => name["Dashboard/".Length..])];
        var all = new TaskCompletionSource();
        Page.Request += (_, request) =>
        {
            string path = new Uri(request.Url).AbsolutePath;
            if (path.EndsWith(".js", StringComparison.Ordinal) && !path.EndsWith("/main.js", StringComparison.Ordinal))
            {
                fetched.Enqueue(path[(path.IndexOf("/assets/", StringComparison.Ordinal) + "/assets/".Length)..]);
                if (fetched.Count == others.Length)
                {
                    all.TrySetResult();
                }
            }
        };

        // The script that names the others comes only when they were asked for.
        var first = new TaskCompletionSource<IRoute>();
        await Page.RouteAsync("**/assets/main.js", first.SetResult);
        Task opened = OpenAsync("");
        IRoute held = await first.Task.WaitAsync(Cancelled);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        await held.ContinueAsync();
        await opened;

        Assert.Equal(others.Order(StringComparer.Ordinal), fetched.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_filter_finds_by_a_part_of_the_name_and_its_empty_state_clears_it()
    {
        await Site.AddKeyAsync(_application, "Till 7");
        await Site.AddKeyAsync(_application, "Kiosk");
        await OpenAsync("keys");

        await Page.GetByRole(AriaRole.Searchbox).FillAsync("till");
        await Expect(Row("Kiosk")).ToHaveCountAsync(0);
        await Expect(Row("Till 7")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Searchbox).FillAsync("nobody has this");
        await Expect(Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await Button("Clear the filter").ClickAsync();

        await Expect(Row("Kiosk")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_error_shows_its_code_and_Try_again_mends_it()
    {
        await Site.AddKeyAsync(_application, "Till 7");
        Refusals.Add(503);
        bool isDown = true;
        await Page.RouteAsync("**/api/v1/credentials*", route => isDown ? route.FulfillAsync(new() { Status = 503, Body = "<html>" }) : route.ContinueAsync());
        await OpenAsync("keys");
        await Expect(Page.GetByRole(AriaRole.Alert).GetByText("http_503")).ToBeVisibleAsync();

        isDown = false;
        await Button("Try again").ClickAsync();

        await Expect(Row("Till 7")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_change_that_came_too_late_is_refused_in_words_and_shows_what_was_changed()
    {
        Refusals.Add(412);
        SecretResult made = await Site.AddKeyAsync(_application, "Till 7");
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Edit");
        await Site.Desk.SuspendAsync(made.Credential!.Id, null, new Actor("lee"), Cancelled);

        await NameField.FillAsync("Till 8");
        await PressAsync("Save");

        await Expect(Dialog.GetByText("Somebody else has changed this since you opened it.")).ToBeVisibleAsync();
        await Expect(Page.Locator("tbody .state")).ToHaveTextAsync("Inactive");
        Assert.Equal("Till 7", (await StoredAsync("Till 7")).Name);
    }

    [Fact]
    public async Task A_tab_that_was_open_for_long_gets_another_antiforgery_token_and_makes_one_key()
    {
        Refusals.UnionWith([400, 403]);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await Context.ClearCookiesAsync();
        await SignInAsync("dana", Site.Roles);

        await PressAsync("Create");

        Assert.NotEmpty(await ShownAsync("Secret"));
        await SavedAsync();
        Assert.Single((await Site.Store.ListAsync<CredentialRecord>(new RowQuery(), Cancelled)).Rows);
    }

    [Fact]
    public async Task A_long_list_shows_more_on_demand()
    {
        for (int number = 1; number <= 60; number++)
        {
            await Site.AddKeyAsync(_application, $"Till {number:00}");
        }

        await OpenAsync("keys");
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(50);

        await Button("Show more").ClickAsync();

        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(60);
        await Expect(Button("Show more")).ToHaveCountAsync(0);
        await Expect(Link("Till 10")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_switcher_narrows_every_page_to_a_workspace()
    {
        ApplicationRecord other = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Northwind"), "Reports");
        await Site.AddKeyAsync(_application, "Till 7");
        await Site.AddKeyAsync(other, "Nightly");
        await OpenAsync("keys");
        await Expect(Row("Nightly")).ToBeVisibleAsync();

        await Page.GetByLabel("Workspace").SelectOptionAsync("Acme");

        await Expect(Row("Till 7")).ToBeVisibleAsync();
        await Expect(Row("Nightly")).ToHaveCountAsync(0);
        await Link("Integrations").ClickAsync();
        await Expect(Link("Tills")).ToBeVisibleAsync();
        await Expect(Link("Reports")).ToHaveCountAsync(0);
        Assert.Contains($"workspace={_workspace.Id}", Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_makes_a_workspace_and_switches_its_API_access_off()
    {
        await OpenAsync("workspaces");
        await Page.Locator("#new-workspace").ClickAsync();
        await NameField.FillAsync("Northwind");
        await Dialog.GetByLabel("Can be revealed").CheckAsync();
        await PressAsync("Create");
        await Expect(Row("Northwind")).ToContainTextAsync("Can be revealed");

        await ChooseAsync("Northwind", "Settings");
        await Dialog.GetByLabel("API access").UncheckAsync();
        await PressAsync("Save");

        await Expect(Row("Northwind")).ToContainTextAsync("Inactive");
        WorkspaceRecord made = (await Site.Store.ListAsync<WorkspaceRecord>(new RowQuery(), Cancelled)).Rows.Single(row => row.Name == "Northwind");
        Assert.Equal((false, SecretDisclosure.Retrievable), (made.Enabled, made.Disclosure));
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_no_button_that_changes_it()
    {
        await Site.AddKeyAsync(_application, "Till 7");
        await SignInAsync("vic", "viewer");

        foreach (string address in (string[])["", "applications", $"applications/{_application.Id}", "keys", "sharing-keys"])
        {
            await OpenAsync(address);
            await Expect(Page.Locator(".primary")).ToHaveCountAsync(0);
        }

        await OpenAsync("keys");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Actions for Till 7" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(["Details", "Copy Key"]);
        await Expect(Link("Workspaces")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whoever_may_do_nothing_with_a_row_has_no_menu_of_it()
    {
        SecretResult token = await Site.AddKeyAsync(_application, "Till 8", CredentialKind.ApiToken);
        await SignInAsync("vic", "viewer");

        await OpenAsync($"keys?panel={token.Credential!.Id}");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Till 8" })).ToBeVisibleAsync();
        await Expect(Page.Locator($"#panel-{token.Credential.Id}")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(true, "Details", "Copy Key", "Renew", "Rotate", "Generate long-lived token", "Edit", "Suspend", "Revoke", "Delete")]
    [InlineData(false, "Details", "Copy Key", "Generate long-lived token", "Edit", "Suspend", "Revoke", "Delete")]
    public async Task What_manages_credentials_is_given_again_by_an_administrator(bool isAdministrator, params string[] items)
    {
        await Site.Desk.CreateCredentialAsync(
            new NewCredential { ApplicationId = _application.Id, Kind = CredentialKind.KeyPair, Name = "Robot", Scopes = ["signing.manage"], NeverExpires = true }, new Actor("seed"), Cancelled);
        await SignInAsync("max", isAdministrator ? ["viewer", "manager", "administrator"] : ["viewer", "manager"]);

        await OpenAsync("keys");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Actions for Robot" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(items);
    }

    [Fact]
    public async Task The_activity_of_an_integration_is_its_own_however_much_others_do()
    {
        ApplicationRecord other = await Site.AddApplicationAsync(_workspace, "Busy");
        await Site.AddKeyAsync(_application, "Till 9");
        await ToggleAsync(other, 210);

        await OpenAsync($"applications/{_application.Id}?tab=activity");

        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Activity" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Expect(Row("Created").First).ToContainTextAsync("Till 9");
    }

    [Fact]
    public async Task More_of_a_list_is_shown_and_has_the_focus_be_there_nothing_to_follow()
    {
        await ToggleAsync(_application, 60);
        await Site.Desk.DeleteAsync<ApplicationRecord>(_application.Id, null, new Actor("seed"), Cancelled);
        await OpenAsync("audit");

        await Button("Show more").ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Audit" }).Locator("tbody tr").Nth(50)).ToBeFocusedAsync();
        await Expect(Button("Show more")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_empty_site_says_what_to_do_next()
    {
        await Site.Desk.DeleteAsync<ApplicationRecord>(_application.Id, null, new Actor("seed"), Cancelled);

        await OpenAsync("applications");
        await Expect(Page.GetByText("No integration yet")).ToBeVisibleAsync();
        await OpenAsync("keys");
        await Expect(Page.GetByText("No API key yet")).ToBeVisibleAsync();
        await Page.Locator("#first-key").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("There is none yet: make a New Integration first.");
        await OpenAsync("sharing-keys");
        await Expect(Page.GetByText("Nothing is shared")).ToBeVisibleAsync();
        await OpenAsync("health");
        await Expect(Page.GetByText("All is well")).ToBeVisibleAsync();
    }

    protected override async Task SeedAsync()
    {
        _workspace = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(_workspace, "Tills");
    }

    private async Task ToggleAsync(ApplicationRecord application, int times)
    {
        for (int i = 0; i < times; i++)
        {
            StoredStatus status = i % 2 == 0 ? StoredStatus.Suspended : StoredStatus.Active;
            RowResult<ApplicationRecord> done = await Site.Desk.EditAsync<ApplicationRecord>(application.Id, null, row => row with { Status = status }, new Actor("seed"), Cancelled);
            Assert.Equal(ChangeStatus.Changed, done.Status);
        }
    }
}
