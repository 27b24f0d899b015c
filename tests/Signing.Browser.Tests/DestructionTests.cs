using System.Text.RegularExpressions;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What ends something asks first, says what hangs on it, and is sent for the version that was seen.</summary>
public sealed class DestructionTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _acme = null!;
    private ApplicationRecord _application = null!;
    private CredentialRecord _key = null!;

    [Fact]
    public async Task An_integration_is_suspended_resumed_and_deleted()
    {
        var sent = new Sent(Page);
        string path = $"applications/{_application.Id}";
        await OpenAsync(path);

        await ChooseAsync("Tills", "Suspend");
        await Expect(Dialog).ToContainTextAsync("All keys of “Tills” are refused from the next request on");
        await Expect(Dialog).ToContainTextAsync("1 key, last used 3 minutes ago.");
        await Expect(Dialog.Locator(".danger")).ToHaveTextAsync("Suspend");
        await PressAsync("Cancel");
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Page.Locator(".notice")).ToHaveCountAsync(0);
        Assert.Empty(sent.Take());
        await ChooseAsync("Tills", "Suspend");
        await PressAsync("Suspend");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Tills” is inactive.");
        await Expect(Page.Locator(".about .state")).ToHaveTextAsync("Inactive");
        await Expect(Row("Till 7")).ToContainTextAsync("Integration is inactive");

        await ChooseAsync("Tills", "Resume");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Tills” is active again.");
        await Expect(Page.Locator(".about .state")).ToHaveTextAsync("Active");

        await ChooseAsync("Tills", "Delete");
        await Expect(Dialog).ToContainTextAsync("“Tills” goes with all its keys, which are refused from the next request on.");
        await Expect(Dialog).ToContainTextAsync("1 key, last used");
        await Expect(Dialog.Locator(".danger")).ToHaveTextAsync("Delete");
        await PressAsync("Cancel");
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, path).AbsoluteUri);
        await ChooseAsync("Tills", "Delete");
        await PressAsync("Delete");

        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "applications").AbsoluteUri);
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Tills” is deleted.");
        await Expect(Page.GetByText("No integration yet")).ToBeVisibleAsync();
        Assert.Equal([$"POST {path}:suspend \"1\" {{}}", $"POST {path}:resume \"2\" {{}}", $"DELETE {path} \"3\""], sent.Take());
    }

    [Fact]
    public async Task A_key_is_suspended_resumed_revoked_later_kept_and_deleted()
    {
        var sent = new Sent(Page);
        string path = $"credentials/{_key.Id}";
        await Site.AddKeyAsync(_application, "Deploy job", CredentialKind.ApiToken, parentId: _key.Id);
        await OpenAsync($"keys?panel={_key.Id}");
        await Expect(Panel.GetByRole(AriaRole.Table, new() { Name = "Long-lived tokens" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(2);

        await ChooseBesideAsync("Till 7", "Suspend");
        await Expect(Dialog).ToContainTextAsync("It was last used 3 minutes ago from 203.0.113.7. Its long-lived token is refused with it.");
        await Expect(Dialog.GetByLabel("Reason")).ToBeHiddenAsync();
        await PressAsync("Suspend");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 7” is inactive.");
        await Expect(Panel.Locator(".state").First).ToHaveTextAsync("Inactive");
        await ChooseBesideAsync("Till 7", "Revoke");
        await Expect(Dialog.GetByRole(AriaRole.Radio)).ToHaveCountAsync(2);
        await PressAsync("Cancel");
        await ChooseBesideAsync("Till 7", "Resume");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 7” is active again.");
        await Expect(Panel.Locator(".state").First).ToHaveTextAsync("Active");

        await ChooseBesideAsync("Till 7", "Revoke");
        await Expect(Dialog.GetByLabel("Revoke it now")).ToBeCheckedAsync();
        await Expect(Dialog.GetByLabel("Revoke after", new() { Exact = true })).ToBeHiddenAsync();
        await Dialog.GetByLabel("Revoke it after an overlap").CheckAsync();
        await Expect(Dialog.GetByLabel("Revoke after", new() { Exact = true }).GetByRole(AriaRole.Option)).ToHaveTextAsync(["1 hour", "1 day", "7 days", "30 days"]);
        await Dialog.GetByLabel("Revoke after", new() { Exact = true }).SelectOptionAsync("7 days");
        await Dialog.GetByLabel("Reason").FillAsync("The till is sold");
        await PressAsync("Revoke later");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 7” will be revoked.");
        await Expect(Panel).ToContainTextAsync(new Regex("Will be revoked.*in 7 days.*Decided.*by dana: The till is sold"));

        await ChooseBesideAsync("Till 7", "Keep after all");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 7” is kept.");
        await Expect(Panel).Not.ToContainTextAsync("Will be revoked");

        await ChooseBesideAsync("Till 7", "Delete");
        await Expect(Dialog).ToContainTextAsync("“Till 7” is revoked first, and refused from the next request on.");
        await Expect(Dialog).ToContainTextAsync("It was last used 3 minutes ago");
        await PressAsync("Delete");
        await Expect(Panel).ToHaveCountAsync(0);
        await Expect(Page.GetByText("No API key yet")).ToBeVisibleAsync();
        Assert.Equal(
            [
                $"POST {path}:suspend \"1\" {{}}", $"POST {path}:resume \"2\" {{}}", $"POST {path}:revoke \"3\" {{\"reason\":\"The till is sold\",\"afterSeconds\":604800}}",
                $"POST {path}:keep \"4\" {{}}", $"DELETE {path} \"5\"",
            ],
            sent.Take());
    }

    [Fact]
    public async Task A_revoked_key_says_when_by_whom_and_why_and_can_only_be_deleted()
    {
        await Site.Desk.RevokeAsync(_key.Id, null, "Found in a log", TimeSpan.Zero, new Actor("lee"), Cancelled);
        await OpenAsync($"keys?panel={_key.Id}");

        await Expect(Panel.Locator("dl > div").Filter(new() { HasText = "by lee" })).ToHaveTextAsync(new Regex("^Revoked.* by lee: “?Found in a log"));
        await Expect(Panel).Not.ToContainTextAsync("Will be revoked");
        await Expect(Panel.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("ended");
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Actions for Till 7" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(["Copy Key", "Delete"]);
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await Expect(Dialog).ToContainTextAsync("“Till 7” is revoked already.");
        await Expect(Dialog).Not.ToContainTextAsync("last used");
    }

    [Fact]
    public async Task A_workspace_that_is_deleted_is_gone_from_the_switcher()
    {
        var sent = new Sent(Page);
        WorkspaceRecord empty = await Site.AddWorkspaceAsync("Northwind");
        await OpenAsync("workspaces");
        await ChooseAsync("Acme", "Delete");
        await Expect(Dialog).ToContainTextAsync("“Acme” still has 1 integration: delete them first.");
        await PressAsync("Cancel");
        await Expect(Dialog).ToHaveCountAsync(0);
        Assert.Empty(sent.Take());

        await OpenAsync($"workspaces?workspace={empty.Id}");
        await ChooseAsync("Northwind", "Delete");
        await Expect(Dialog).ToContainTextAsync("“Northwind” goes. The audit stays.");
        await PressAsync("Delete");

        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Northwind” is deleted.");
        await Expect(Row("Northwind")).ToHaveCountAsync(0);
        await Expect(Page.GetByLabel("Workspace", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(Page.Locator(".where")).ToHaveTextAsync("Acme");
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "workspaces").AbsoluteUri);
        Assert.Equal([$"DELETE workspaces/{empty.Id} \"1\""], sent.Take());
    }

    [Fact]
    public async Task A_sharing_key_says_who_loses_it()
    {
        var sent = new Sent(Page);
        WorkspaceRecord northwind = await Site.AddWorkspaceAsync("Northwind");
        SharingKeyRecord shared = (await Site.Desk.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = _acme.Id, GranteeWorkspaceId = northwind.Id, Name = "Auditors" }, new Actor("seed"), Cancelled)).SharingKey!;
        await OpenAsync("sharing-keys");

        await ChooseAsync("Auditors", "Revoke");
        await Expect(Dialog).ToContainTextAsync("Clients of Northwind no longer get tokens for Acme with “Auditors”.");
        await PressAsync("Revoke");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Auditors” is revoked.");
        await ChooseAsync("Auditors", "Details");
        await Expect(Panel).ToContainTextAsync(new Regex("Revoked.*by dana"));
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Actions for Auditors" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(["Delete"]);
        await Page.GetByRole(AriaRole.Menuitem).ClickAsync();
        await Expect(Dialog).Not.ToContainTextAsync("no longer get tokens");
        await PressAsync("Delete");

        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Auditors” is deleted.");
        Assert.Equal([$"POST sharing-keys/{shared.Id}:revoke \"1\" {{}}", $"DELETE sharing-keys/{shared.Id} \"2\""], sent.Take());
    }

    protected override async Task SeedAsync()
    {
        _acme = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(_acme, "Tills");
        _key = (await Site.AddKeyAsync(_application, "Till 7")).Credential!;
        await Site.Store.MarkUsedAsync([new SecretUse(_key.Id, 1, new LastUse(Site.Clock.GetUtcNow().AddMinutes(-3), "203.0.113.7"))], Cancelled);
    }

    // From the details, which lie over the menu of the row.
    private async Task ChooseBesideAsync(string row, string item)
    {
        await Panel.GetByRole(AriaRole.Button, new() { Name = $"Actions for {row}", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = item, Exact = true }).ClickAsync();
    }
}
