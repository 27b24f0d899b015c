using Signing.AspNetCore;
using Signing.Browser.Tests.Support;
using Signing.Management;

namespace Signing.Browser.Tests;

/// <summary>The administrator of one workspace: what the server refuses there is no button.</summary>
public sealed class LimitedOperatorTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _workspace = null!;

    [Fact]
    public async Task The_settings_of_the_own_workspace_are_saved_and_its_API_access_is_not_asked_for()
    {
        await SignInAsync("tess", "viewer", "manager", "administrator");
        await OpenAsync("workspaces");

        await ChooseAsync("Acme", "Settings");
        await Expect(Dialog.GetByLabel("API access")).ToHaveCountAsync(0);
        await NameField.FillAsync("Acme and daughters");
        await PressAsync("Save");

        await Expect(Row("Acme and daughters")).ToBeVisibleAsync();
        WorkspaceRecord stored = (await Site.Store.GetAsync<WorkspaceRecord>(_workspace.Id, Cancelled))!;
        Assert.Equal(("Acme and daughters", true), (stored.Name, stored.Enabled));
    }

    [Fact]
    public async Task Workspaces_are_made_and_deleted_by_whoever_sees_them_all()
    {
        await OpenAsync("workspaces");
        await Expect(Page.Locator("#new-workspace")).ToBeVisibleAsync();
        await Expect(await ItemsAsync()).ToHaveTextAsync(["Settings", "Delete"]);

        await SignInAsync("tess", "viewer", "manager", "administrator");
        await OpenAsync("workspaces");
        await Expect(Page.Locator("#new-workspace")).ToHaveCountAsync(0);
        await Expect(await ItemsAsync()).ToHaveTextAsync(["Settings"]);

        await SignInAsync("mo", "viewer", "manager", "superadmin");
        await OpenAsync("workspaces");
        await Expect(Page.Locator("#new-workspace")).ToHaveCountAsync(0);
        await Expect(Button("Actions for Acme")).ToHaveCountAsync(0);
    }

    protected override void Configure(ManagementOptions options) =>
        options.Workspaces = context => new(context.User.HasClaim(Person.Role, "superadmin") ? null : [_workspace.Id]);

    protected override async Task SeedAsync() => _workspace = await Site.AddWorkspaceAsync("Acme");

    private async Task<ILocator> ItemsAsync()
    {
        await Button("Actions for Acme").ClickAsync();
        return Page.GetByRole(AriaRole.Menuitem);
    }
}
