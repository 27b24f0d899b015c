using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>Each page and dialog in light and dark, narrow and wide: no serious finding of axe, no scrolling sideways, and a picture.</summary>
public sealed class AppearanceTests(Chromium chromium) : BrowserTest(chromium)
{
    // Names, roles and order are those of the light page.
    private static readonly RunOnlyOptions Colours = RunOnlyOptions.Rules("color-contrast", "link-in-text-block");

    private ApplicationRecord _application = null!;
    private CredentialRecord _credential = null!;

    public static TheoryData<int, ColorScheme> Screens => new() { { 1440, ColorScheme.Light }, { 1440, ColorScheme.Dark }, { 360, ColorScheme.Light }, { 360, ColorScheme.Dark } };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task No_page_has_a_serious_finding_or_scrolls_sideways(int width, ColorScheme scheme)
    {
        await SetAsync(width, scheme);
        foreach ((string name, string address) in Pages())
        {
            await OpenAsync(address);
            await ExpectFineAsync(name, width, scheme);
        }
    }

    [Fact]
    public async Task No_page_scrolls_sideways_at_any_width_between()
    {
        foreach ((string name, string address) in Pages())
        {
            await OpenAsync(address);
            for (int width = 320; width <= 1600; width += 40)
            {
                await Page.SetViewportSizeAsync(width, 800);
                Assert.Equal((name, width, 0), (name, width, await HiddenAsync()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task No_dialog_has_a_serious_finding_or_scrolls_sideways(int width, ColorScheme scheme)
    {
        await SetAsync(width, scheme);
        await OpenAsync("keys");
        foreach (string item in (string[])["Renew", "Rotate", "Edit", "Suspend", "Revoke", "Delete"])
        {
            await ChooseAsync("Storefront production", item);
            await Expect(Dialog).ToBeVisibleAsync();
            await ExpectFineAsync($"dialog-{item}", width, scheme);
            await Page.Keyboard.PressAsync("Escape");
            await Expect(Dialog).ToHaveCountAsync(0);
        }

        await Page.GetByRole(AriaRole.Button, new() { Name = "Actions for Storefront production" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await ExpectFineAsync("menu", width, scheme);
        await Page.Keyboard.PressAsync("Escape");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await ExpectFineAsync("dialog-new", width, scheme);
        await PressAsync("Create");
        await Dialog.GetByText("Ready to paste").ClickAsync();
        await ExpectFineAsync("dialog-secret", width, scheme);
        await SavedAsync();
        await OpenAsync("applications");
        await Button("New App").ClickAsync();
        await ExpectFineAsync("wizard", width, scheme);
    }

    protected override async Task SeedAsync()
    {
        WorkspaceRecord retail = await Site.AddWorkspaceAsync("Acme Retail");
        WorkspaceRecord partner = await Site.AddWorkspaceAsync("Northwind", SecretDisclosure.Retrievable);
        _application = await Site.AddApplicationAsync(retail, "Storefront", "orders");
        _credential = (await Site.AddKeyAsync(_application, "Storefront production")).Credential!;
        SecretResult canary = await Site.AddKeyAsync(_application, "Storefront canary");
        await Site.Desk.RotateAsync(canary.Credential!.Id, null, null, new Actor("dana"), Cancelled);
        SecretResult agency = await Site.AddKeyAsync(_application, "Former agency");
        await Site.Desk.RevokeAsync(agency.Credential!.Id, null, "The contract ended.", TimeSpan.Zero, new Actor("lee"), Cancelled);
        await Site.AddKeyAsync(_application, "Deploy job", CredentialKind.ApiToken, parentId: _credential.Id);
        ApplicationRecord warehouse = await Site.AddApplicationAsync(retail, "Warehouse sync");
        await Site.AddKeyAsync(warehouse, "Nightly stock", lifetime: TimeSpan.FromDays(20));
        SecretResult scanner = await Site.AddKeyAsync(warehouse, "Old scanner", CredentialKind.ApiToken);
        await Site.Desk.SuspendAsync(scanner.Credential!.Id, null, new Actor("lee"), Cancelled);
        ApplicationRecord reports = await Site.AddApplicationAsync(partner, "Stock reports");
        await Site.AddKeyAsync(reports, "Spring report", lifetime: TimeSpan.FromDays(2));
        await Site.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = retail.Id, GranteeWorkspaceId = partner.Id, Name = "Northwind reads our stock" }, new Actor("dana"), Cancelled);
        await Site.Desk.CreateCredentialAsync(
            new NewCredential { ApplicationId = reports.Id, Kind = CredentialKind.KeyPair, Name = "Forgotten report", NeverExpires = true }, new Actor("dana"), Cancelled);
        Site.Clock.Shift = TimeSpan.FromDays(10);
        await Site.Store.MarkUsedAsync([new SecretUse(_credential.Id, 1, new LastUse(Site.Clock.GetUtcNow().AddMinutes(-3), "203.0.113.7"))], Cancelled);
    }

    private (string Name, string Address)[] Pages() =>
    [
        ("home", ""), ("integrations", "applications"), ("application", $"applications/{_application.Id}"),
        ("connected-apis", $"applications/{_application.Id}?tab=apis"), ("activity", $"applications/{_application.Id}?tab=activity"), ("settings", $"applications/{_application.Id}?tab=settings"),
        ("api-keys", "keys"), ("details", $"keys?panel={_credential.Id}"), ("nothing-found", "keys?q=nothing+of+this+name"),
        ("sharing-keys", "sharing-keys"), ("audit", "audit"), ("key-health", "health"), ("workspaces", "workspaces"),
    ];

    // How many pixels of the page are beyond its right edge.
    private Task<int> HiddenAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    private async Task SetAsync(int width, ColorScheme scheme)
    {
        await Page.SetViewportSizeAsync(width, width > 800 ? 900 : 740);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
    }

    private async Task ExpectFineAsync(string what, int width, ColorScheme scheme)
    {
        string name = $"{what}-{width}-{scheme}".ToLowerInvariant();
        await Screenshots.KeepAsync(Page, name);
        Assert.Equal(0, await HiddenAsync());
        AxeResult found = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = scheme == ColorScheme.Dark ? Colours : null });
        Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{name}: {violation.Id} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
    }
}
