using Signing.AspNetCore;
using Signing.Browser.Tests.Support;
using Signing.Management;

namespace Signing.Browser.Tests;

/// <summary>The ways through the page that a mouse, a keyboard and the other rows beside a row offer.</summary>
public sealed class WayTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _acme = null!;
    private ApplicationRecord _application = null!;
    private CredentialRecord _key = null!;
    private SharingKeyRecord _shared = null!;

    [Fact]
    public async Task Enter_in_the_search_leaves_the_list_where_it_is()
    {
        await OpenAsync("keys?state=active");
        await Page.EvaluateAsync("window.isSame = true");

        await Page.GetByRole(AriaRole.Searchbox).FillAsync("till");
        await Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");

        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "keys?state=active&q=till").AbsoluteUri);
        await Expect(Row("Till 7")).ToBeVisibleAsync();
        Assert.True(await Page.EvaluateAsync<bool>("!!window.isSame"));
    }

    [Fact]
    public async Task Another_workspace_leads_from_an_integration_to_those_of_the_workspace()
    {
        WorkspaceRecord northwind = await Site.AddWorkspaceAsync("Northwind");
        await OpenAsync($"applications/{_application.Id}?workspace={_acme.Id}");

        await Page.GetByLabel("Workspace", new() { Exact = true }).SelectOptionAsync("Northwind");

        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"applications?workspace={northwind.Id}").AbsoluteUri);
        await Expect(Page.GetByText("No integration yet")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(KeyboardModifier.Control)]
    [InlineData(KeyboardModifier.Shift)]
    public async Task A_link_that_is_to_open_elsewhere_does(KeyboardModifier key)
    {
        await OpenAsync("");

        IPage other = await Context.RunAndWaitForPageAsync(() => Link("API Keys").ClickAsync(new() { Modifiers = [key] }));

        await Expect(other).ToHaveURLAsync(new Uri(Site.Page, "keys").AbsoluteUri);
        await Expect(Page).ToHaveURLAsync(Site.Page.AbsoluteUri);
    }

    [Fact]
    public async Task A_menu_knows_Home_and_End_and_Tab_closes_it()
    {
        await OpenAsync("keys");
        await Button("Actions for Till 7").PressAsync("Enter");

        await Page.Keyboard.PressAsync("End");
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("Home");
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Details" })).ToBeFocusedAsync();
        await Expect(Button("Actions for Till 7")).ToHaveAttributeAsync("aria-expanded", "true");
        await Page.Keyboard.PressAsync("Tab");

        await Expect(Page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
        await Expect(Button("Actions for Till 7")).ToHaveAttributeAsync("aria-expanded", "false");
    }

    [Fact]
    public async Task A_long_lived_token_leads_to_its_key_and_the_key_to_it()
    {
        CredentialRecord token = (await Site.AddKeyAsync(_application, "Deploy job", CredentialKind.ApiToken, parentId: _key.Id)).Credential!;
        await OpenAsync($"keys?panel={token.Id}");
        await Expect(Panel).ToContainTextAsync("Long-lived token of Till 7");
        await Button("Actions for Deploy job").Last.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(["Renew", "Edit", "Suspend", "Revoke", "Delete"]);
        await Page.Keyboard.PressAsync("Escape");

        await Panel.GetByRole(AriaRole.Link, new() { Name = "Till 7" }).ClickAsync();
        await Expect(Panel.GetByRole(AriaRole.Heading).First).ToHaveTextAsync("Till 7");
        await Expect(Panel.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync("Deploy job");
        await Panel.GetByRole(AriaRole.Link, new() { Name = "Deploy job" }).ClickAsync();
        await Expect(Panel.GetByRole(AriaRole.Heading).First).ToHaveTextAsync("Deploy job");
        await Panel.GetByRole(AriaRole.Link, new() { Name = "Close the details" }).ClickAsync();

        await Expect(Panel).ToHaveCountAsync(0);
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "keys").AbsoluteUri);
    }

    [Fact]
    public async Task The_audit_leads_to_what_it_is_about()
    {
        await OpenAsync("audit");
        await Link("Till 7").ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"keys?panel={_key.Id}").AbsoluteUri);
        await Page.GoBackAsync();
        await Link("Auditors").ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"sharing-keys?panel={_shared.Id}").AbsoluteUri);
        await Expect(Panel).ToContainTextAsync(_shared.Id);
        await Page.GoBackAsync();
        await Link("Tills").ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"applications/{_application.Id}").AbsoluteUri);
    }

    [Fact]
    public async Task Home_names_what_is_due_and_leads_to_it()
    {
        await Site.AddKeyAsync(_application, "Till 8", lifetime: TimeSpan.FromDays(110));
        Site.Clock.Shift = TimeSpan.FromDays(100);
        await OpenAsync($"?workspace={_acme.Id}");

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Manage API credentials 2 keys" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Key health Keys are due for rotation" })).ToBeVisibleAsync();
        ILocator counts = Page.GetByRole(AriaRole.List, new() { Name = "Keys by state" });
        await Expect(counts.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(["0Scheduled", "1Active", "0Rotating", "1Expiring soon", "0Expired", "0Inactive", "0Revoked"]);
        await Expect(Page.Locator("section").Filter(new() { HasText = "Ending soon" }).GetByRole(AriaRole.Listitem)).ToHaveTextAsync("Till 8Tillsin 10 days");
        ILocator due = Page.Locator("section").Filter(new() { HasText = "Due for rotation" });
        await Expect(due.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await due.GetByRole(AriaRole.Link, new() { Name = "Till 7" }).ClickAsync();

        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"keys?workspace={_acme.Id}&panel={_key.Id}").AbsoluteUri);
        await Expect(Panel).ToContainTextAsync("Rotate it; the former Secret is accepted for a while.");
        await Page.GoBackAsync();
        await due.GetByRole(AriaRole.Link, new() { Name = "All of Due for rotation" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, $"health?workspace={_acme.Id}&health=overdue").AbsoluteUri);
        await Expect(Row("Till 8")).ToContainTextAsync("Due for rotation");
    }

    [Fact]
    public async Task Who_may_not_see_integrations_makes_a_key_for_one_that_has_a_key()
    {
        Refusals.Add(403);
        await Site.AddKeyAsync(_application, "Till 8");
        await SignInAsync("eve", "viewer", "manager");
        await OpenAsync("keys");
        await Button("Actions for Till 7").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(["Details", "Copy Key", "Renew", "Rotate", "Edit", "Suspend", "Revoke", "Delete"]);
        await Page.Keyboard.PressAsync("Escape");
        await Page.Locator("#new-key").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Radio)).ToHaveCountAsync(0);
        await Expect(Dialog.GetByLabel("Integration").GetByRole(AriaRole.Option)).ToHaveTextAsync(["Tills"]);
        await Expect(Dialog.GetByRole(AriaRole.Group, new() { Name = "Environment" })).ToHaveCountAsync(0);
        await NameField.FillAsync("Till 9");

        await PressAsync("Create");
        await SavedAsync();

        Assert.Equal((_application.Id, "live"), ((await StoredAsync("Till 9")).ApplicationId, (await StoredAsync("Till 9")).Environment));
    }

    [Fact]
    public async Task What_was_done_is_said_until_it_is_dismissed_or_the_page_is_left()
    {
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Copy Key");
        await Expect(Page.Locator("body > [aria-live]")).ToHaveTextAsync("Copied.");
        await Button("Dismiss").ClickAsync();
        await Expect(Page.Locator(".notice")).ToHaveCountAsync(0);

        // The same words are heard again only if they were gone in between.
        await Page.Locator("body > [aria-live]").EvaluateAsync("voice => { window.heard = []; new MutationObserver(() => heard.push(voice.textContent)).observe(voice, { childList: true }); }");
        await ChooseAsync("Till 7", "Copy Key");
        await Expect(Page.Locator(".notice")).ToBeVisibleAsync();
        Assert.Equal(["", "Copied."], await Page.EvaluateAsync<string[]>("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(heard))))"));
        await ChooseAsync("Till 7", "Copy Key");
        await Expect(Page.Locator(".notice")).ToHaveCountAsync(1);
        await Link("Audit").ClickAsync();
        await Expect(Page.Locator(".notice")).ToHaveCountAsync(0);
        await Expect(Page).ToHaveTitleAsync("Audit · API credentials");
    }

    [Fact]
    public async Task A_list_longer_than_the_server_gives_at_once_stays_whole()
    {
        for (int i = 0; i < 205; i++)
        {
            bool isOff = i % 2 == 0;
            await Site.Desk.EditAsync<ApplicationRecord>(_application.Id, null, row => row with { Status = isOff ? StoredStatus.Suspended : StoredStatus.Active }, new Actor($"seed {i}"), Cancelled);
        }

        await OpenAsync("audit");
        for (int rows = 50; rows <= 200; rows += 50)
        {
            await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(rows);
            await Button("Show more").ClickAsync();
        }

        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(209);
        await Expect(Page.Locator("tbody tr").Nth(204)).ToContainTextAsync("seed 0");
        await Expect(Button("Show more")).ToHaveCountAsync(0);
    }

    protected override void Configure(ManagementOptions options)
    {
        options.Policies.Integrations = "superadmin";
        options.Policies.ApiTokens = "superadmin";
        options.Environments = ["live"];
    }

    protected override async Task SeedAsync()
    {
        _acme = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(_acme, "Tills");
        _key = (await Site.AddKeyAsync(_application, "Till 7", lifetime: TimeSpan.FromDays(400))).Credential!;
        _shared = (await Site.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = _acme.Id, Name = "Auditors" }, new Actor("lee"), Cancelled)).SharingKey!;
    }
}
