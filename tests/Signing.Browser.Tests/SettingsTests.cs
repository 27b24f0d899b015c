using System.Text.RegularExpressions;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>The settings of a workspace and of an integration are sent as they were entered.</summary>
public sealed class SettingsTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _acme = null!;

    [Fact]
    public async Task A_workspace_is_made_and_changed_with_each_of_its_settings()
    {
        var sent = new Sent(Page);
        await OpenAsync("workspaces");
        await Page.Locator("#new-workspace").ClickAsync();
        await Expect(Dialog.GetByLabel("API access")).ToHaveCountAsync(0);
        await NameField.FillAsync("Northwind");
        await Dialog.GetByLabel("A former Secret is accepted for").FillAsync("2161");
        await PressAsync("Create");
        await Expect(Dialog.GetByLabel("A former Secret is accepted for")).ToHaveAccessibleDescriptionAsync(new Regex("2160"));
        await Expect(Dialog.GetByLabel("A former Secret is accepted for")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Empty(sent.Take());
        await Dialog.GetByLabel("A former Secret is accepted for").FillAsync("0");
        await PressAsync("Create");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Northwind” is made.");
        Assert.Equal(["""POST workspaces  {"name":"Northwind","disclosure":"once","bundleIdRequired":false,"defaultLifetimeDays":365,"rotationAgeDays":90,"rotationOverlapHours":0}"""], sent.Take());

        await ChooseAsync("Northwind", "Settings");
        await Dialog.GetByLabel("Can be revealed").CheckAsync();
        await Dialog.GetByLabel("Integrations need a Bundle").CheckAsync();
        await Dialog.GetByLabel("Keys end after").FillAsync("");
        await Dialog.GetByLabel("Secrets are due for rotation after").FillAsync("30");
        await Dialog.GetByLabel("A former Secret is accepted for").FillAsync("48");
        await PressAsync("Save");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("Saved.");
        string patch = Assert.Single(sent.Take());
        Assert.EndsWith(""" "1" {"name":"Northwind","disclosure":"retrievable","bundleIdRequired":true,"defaultLifetimeDays":null,"rotationAgeDays":30,"rotationOverlapHours":48,"enabled":true}""", patch, StringComparison.Ordinal);
        await Expect(Row("Northwind").GetByRole(AriaRole.Cell)).ToContainTextAsync(["On", "Can be revealed", "Never", "Due after 30 daysOverlap of 2 days", "0", "just now", ""]);

        await ChooseAsync("Northwind", "Settings");
        await Expect(Dialog.GetByLabel("Can be revealed")).ToBeCheckedAsync();
        await Expect(Dialog.GetByLabel("Integrations need a Bundle")).ToBeCheckedAsync();
        await Expect(Dialog.GetByLabel("Keys end after")).ToHaveValueAsync("");
        await Expect(Dialog.GetByLabel("Secrets are due for rotation after")).ToHaveValueAsync("30");
        await Expect(Dialog.GetByLabel("A former Secret is accepted for")).ToHaveValueAsync("48");
    }

    [Fact]
    public async Task The_settings_of_an_integration_are_emptied_and_an_API_that_is_gone_stays_connected()
    {
        ApplicationRecord old = await Site.AddApplicationAsync(_acme, "Old", "legacy", "orders");
        var sent = new Sent(Page);
        await OpenAsync($"applications/{old.Id}?tab=apis");
        await Expect(Page.GetByRole(AriaRole.Checkbox, new() { Name = "legacy" })).ToBeCheckedAsync();
        await Page.GetByRole(AriaRole.Checkbox, new() { Name = "orders" }).UncheckAsync();
        await Button("Save").ClickAsync();
        await Expect(Page.Locator(".notice")).ToContainTextAsync("Saved.");

        await Link("Settings").ClickAsync();
        await Page.GetByLabel("Application Name").FillAsync("Older");
        await Page.GetByLabel("Description").FillAsync("");
        await Button("Save").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Older" })).ToBeVisibleAsync();

        Assert.Equal(
            [
                $$"""PATCH applications/{{old.Id}} "1" {"connectedApis":["legacy"]}""",
                $$"""PATCH applications/{{old.Id}} "2" {"name":"Older","bundleId":null,"description":null}""",
            ],
            sent.Take());
    }

    [Fact]
    public async Task An_integration_is_made_with_each_of_its_settings()
    {
        WorkspaceRecord off = await Site.AddWorkspaceAsync("Closed");
        await Site.Desk.EditAsync<WorkspaceRecord>(off.Id, null, row => row with { Enabled = false }, new Actor("seed"), Cancelled);
        var sent = new Sent(Page);
        await OpenAsync("applications");
        await Button("New App").ClickAsync();
        await Expect(Dialog.GetByLabel("Workspace").GetByRole(AriaRole.Option)).ToHaveTextAsync(["Acme"]);
        await Expect(Button("Back")).ToBeHiddenAsync();
        await PressAsync("Next");
        await Expect(Dialog.GetByLabel("Application Name")).ToBeFocusedAsync();
        await Dialog.GetByLabel("Application Name").FillAsync("Portal");
        await Dialog.GetByLabel("Description").FillAsync("What it is for");
        await PressAsync("Next");
        await Dialog.GetByRole(AriaRole.Checkbox, new() { Name = "invoices" }).CheckAsync();
        await PressAsync("Next");
        await Dialog.GetByLabel("test", new() { Exact = true }).CheckAsync();
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
        await PressAsync("Connect and Generate Keys");
        await Expect(Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Your Key and Secret");
        await SavedAsync();

        string body = Assert.Single(sent.Take());
        Assert.Equal($$$"""POST applications  {"workspaceId":"{{{_acme.Id}}}","name":"Portal","description":"What it is for","connectedApis":["invoices"],"credential":{"name":"Portal key","environment":"test","neverExpires":true}}""", body);
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Portal” is made.");
    }

    protected override async Task SeedAsync() => _acme = await Site.AddWorkspaceAsync("Acme");
}
