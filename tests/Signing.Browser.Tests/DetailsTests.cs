using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What the details beside a list say, and when they go.</summary>
public sealed class DetailsTests(Chromium chromium) : BrowserTest(chromium)
{
    private ApplicationRecord _application = null!;
    private CredentialRecord _key = null!;

    [Fact]
    public async Task A_former_Secret_is_safe_to_end_only_when_a_use_of_it_would_be_known()
    {
        await Site.Desk.RotateAsync(_key.Id, null, TimeSpan.FromDays(1), new Actor("lee"), Cancelled);
        await OpenAsync($"keys?panel={_key.Id}");
        await Expect(Panel).ToContainTextAsync("was not used yet. A use shows after a minute: look again.");
        await Expect(Panel).Not.ToContainTextAsync("safe to end");

        Site.Clock.Shift = TimeSpan.FromSeconds(70);
        await OpenAsync($"keys?panel={_key.Id}");

        await Expect(Panel).ToContainTextAsync("was never used: safe to end.");
        await Expect(Panel).Not.ToContainTextAsync("look again");
    }

    [Fact]
    public async Task The_former_Secret_is_the_one_that_still_works_and_not_safe_to_end_while_it_is_used()
    {
        await Site.Desk.RotateAsync(_key.Id, null, TimeSpan.Zero, new Actor("lee"), Cancelled);
        SecretRecord former = (await Site.Desk.RotateAsync(_key.Id, null, TimeSpan.FromDays(1), new Actor("lee"), Cancelled)).Credential!.Retiring!;
        await Site.Store.MarkUsedAsync([new SecretUse(_key.Id, former.Version, new LastUse(Site.Clock.GetUtcNow().AddSeconds(1), "203.0.113.7"))], Cancelled);
        Site.Clock.Shift = TimeSpan.FromSeconds(10);

        await OpenAsync($"keys?panel={_key.Id}");

        await Expect(Panel.Locator(".refusal")).ToHaveTextAsync($"The former Secret (…{former.Hint}) was last used just now: not safe yet.");
        await Button("Actions for Till 7").Last.ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = "End the former Secret" }).ClickAsync();
        await Expect(Dialog.Locator(".refusal")).ToHaveTextAsync($"The former Secret (…{former.Hint}) was last used just now: not safe yet.");
    }

    [Theory]
    [InlineData("keys", "Till 7")]
    [InlineData("sharing-keys", "For Northwind")]
    public async Task They_go_with_a_row_that_is_deleted_from_them(string list, string name)
    {
        await OpenAsync(list);
        await Link(name).ClickAsync();
        await Panel.GetByRole(AriaRole.Button, new() { Name = $"Actions for {name}" }).ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete", Exact = true }).ClickAsync();

        await PressAsync("Delete");

        await Expect(Page.Locator(".notice")).ToContainTextAsync($"“{name}” is deleted.");
        await Expect(Row(name)).ToHaveCountAsync(0);
        await Expect(Panel).ToHaveCountAsync(0);
        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, list).AbsoluteUri);
    }

    [Fact]
    public async Task Those_of_another_row_stay()
    {
        await Site.AddKeyAsync(_application, "Till 8");
        await OpenAsync($"keys?panel={_key.Id}");

        await Button("Actions for Till 8").PressAsync("Enter");
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete", Exact = true }).ClickAsync();
        await PressAsync("Delete");

        await Expect(Row("Till 8")).ToHaveCountAsync(0);
        await Expect(Panel).ToContainTextAsync("Till 7");
    }

    [Fact]
    public async Task Back_closes_a_form_but_never_a_Secret()
    {
        await OpenAsync("");
        await Link("API Keys").ClickAsync();
        await ChooseAsync("Till 7", "Edit");
        await Page.GoBackAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync();

        await Page.GoForwardAsync();
        await ChooseAsync("Till 7", "Rotate");
        await PressAsync("Rotate");
        string secret = await ShownAsync("Secret");
        await Page.GoBackAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Home", IncludeHidden = true })).ToHaveCountAsync(1);
        Assert.Equal(secret, await ShownAsync("Secret"));
        await SavedAsync();
    }

    protected override async Task SeedAsync()
    {
        WorkspaceRecord acme = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(acme, "Tills");
        _key = (await Site.AddKeyAsync(_application, "Till 7")).Credential!;
        await Site.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = acme.Id, Name = "For Northwind" }, new Actor("lee"), Cancelled);
    }
}
