using System.Net;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests.Rows;

/// <summary>The rows of a provider whose applications have several pairs and connected APIs.</summary>
public sealed class ApplicationRowTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _workspace = null!;
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task P1_New_App_opens_a_wizard_with_its_steps()
    {
        await OpenAsync("applications");

        await Button("New App").ClickAsync();

        await Expect(Dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(["Details", "Connected APIs", "Keys"]);
        await Expect(Dialog.Locator("[aria-current=step]")).ToHaveTextAsync("Details");
    }

    [Fact]
    public async Task P2_The_first_step_takes_the_details_and_Back_keeps_them()
    {
        await StartWizardAsync("Portal");
        await Expect(Dialog.Locator("[aria-current=step]")).ToHaveTextAsync("Connected APIs");

        await PressAsync("Back");

        await Expect(Dialog.GetByLabel("Application Name")).ToHaveValueAsync("Portal");
    }

    [Fact]
    public async Task P3_The_second_step_offers_the_APIs_with_their_endpoints()
    {
        await StartWizardAsync("Portal");

        await Expect(Dialog.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(2);
        await Expect(Dialog.GetByText("GET /orders/{id}")).ToBeVisibleAsync();
        await Expect(Dialog.GetByRole(AriaRole.Checkbox, new() { Name = "invoices" })).Not.ToBeCheckedAsync();
    }

    [Fact]
    public async Task P4_Connect_and_Generate_Keys_makes_the_application_with_its_APIs()
    {
        await FinishWizardAsync("Portal");

        ApplicationRecord made = (await Site.Store.ListAsync<ApplicationRecord>(new RowQuery(), Cancelled)).Rows.Single(row => row.Name == "Portal");
        Assert.Equal(["orders"], made.ConnectedApis);
        await SavedAsync();
    }

    [Fact]
    public async Task P5_The_success_panel_has_both_keys_and_the_pair_is_in_Access_Keys()
    {
        await FinishWizardAsync("Portal");
        (string key, string secret) = (await ShownAsync("Key"), await ShownAsync("Secret"));

        await Expect(Dialog.GetByText("“Portal” is connected.")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/orders/7", key, secret));
        Assert.Equal(HttpStatusCode.Forbidden, await Site.CallAsync("/invoices", key, secret));

        await SavedAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Portal" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Access Keys" }).GetByTitle(key)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task P6_Applications_are_a_grid_of_cards()
    {
        await Site.AddApplicationAsync(_workspace, "Portal");
        await Site.AddApplicationAsync(_workspace, "Kiosk");

        await OpenAsync("applications");

        LocatorBoundingBoxResult[] cards = [.. await Task.WhenAll(from name in (string[])["Kiosk", "Portal", "Shop"] select BoxOf(name))];
        Assert.Single(cards.Select(card => card.Y).Distinct());
        Assert.Equal(3, cards.Select(card => card.X).Distinct().Count());
        await Link("Kiosk").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Kiosk" })).ToBeVisibleAsync();

        async Task<LocatorBoundingBoxResult> BoxOf(string name) => (await Page.Locator("li.card").Filter(new() { HasText = name }).BoundingBoxAsync())!;
    }

    [Fact]
    public async Task P7_The_page_of_an_application_shows_its_App_ID_its_credentials_and_its_APIs()
    {
        await Site.AddKeyAsync(_application, "Live pair");
        await Site.AddKeyAsync(_application, "Import token", CredentialKind.ApiToken);

        await OpenAsync($"applications/{_application.Id}");

        await Expect(Page.Locator(".about").GetByText(_application.Id)).ToBeVisibleAsync();
        await Expect(Row("Live pair")).ToBeVisibleAsync();
        await Expect(Row("Import token")).ToBeVisibleAsync();
        await Link("Connected APIs").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Checkbox, new() { Name = "orders" })).ToBeCheckedAsync();
    }

    [Fact]
    public async Task P8_Connecting_an_API_on_the_page_opens_it_to_the_next_request()
    {
        SecretResult pair = await Site.AddKeyAsync(_application, "Live pair");
        Assert.Equal(HttpStatusCode.Forbidden, await Site.CallAsync("/invoices", pair.Credential!.Key!, pair.Text!));
        await OpenAsync($"applications/{_application.Id}?tab=apis");

        await Page.GetByRole(AriaRole.Checkbox, new() { Name = "invoices" }).CheckAsync();
        await Button("Save").ClickAsync();
        await Expect(Page.GetByText("Saved.").First).ToBeVisibleAsync();

        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/invoices", pair.Credential.Key!, pair.Text!));
    }

    [Fact]
    public async Task P11_A_Secret_is_visible_only_once()
    {
        await OpenAsync($"applications/{_application.Id}");
        await Page.Locator("#generate-key").ClickAsync();
        await NameField.FillAsync("Live pair");
        await PressAsync("Generate Key");
        string secret = await ShownAsync("Secret");
        await SavedAsync();

        Assert.DoesNotContain(secret, await Page.ContentAsync(), StringComparison.Ordinal);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Actions for Live pair" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Rotate" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Reveal" })).ToHaveCountAsync(0);
        Assert.Equal(0, await Page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
    }

    [Fact]
    public async Task P12_States_are_told_by_colour_and_by_word()
    {
        await Site.AddKeyAsync(_application, "Working");
        SecretResult off = await Site.AddKeyAsync(_application, "Sleeping");
        SecretResult gone = await Site.AddKeyAsync(_application, "Gone");
        await Site.Desk.SuspendAsync(off.Credential!.Id, null, new Actor("seed"), Cancelled);
        await Site.Desk.RevokeAsync(gone.Credential!.Id, null, null, TimeSpan.Zero, new Actor("seed"), Cancelled);

        await OpenAsync($"applications/{_application.Id}");

        await Expect(Row("Working").Locator(".state.green")).ToHaveTextAsync("Active");
        await Expect(Row("Sleeping").Locator(".state.gray")).ToHaveTextAsync("Inactive");
        await Expect(Row("Gone").Locator(".state.red")).ToHaveTextAsync("Revoked");
        await Expect(Row("Working").Locator(".state svg")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task P13_The_creation_and_the_credential_id_are_shown()
    {
        SecretResult pair = await Site.AddKeyAsync(_application, "Live pair");
        await OpenAsync($"applications/{_application.Id}");

        await Expect(Row("Live pair").GetByText(pair.Credential!.Id)).ToBeVisibleAsync();
        await Row("Live pair").ClickAsync();

        await Expect(Panel.GetByText(pair.Credential.Id)).ToBeVisibleAsync();
        await Expect(Panel.GetByText($"{pair.Credential.Created.At.LocalDateTime:HH:mm:ss}").First).ToBeVisibleAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"panel={pair.Credential.Id}"));
    }

    [Fact]
    public async Task P14_Generate_Key_adds_a_pair_to_the_application()
    {
        await Site.AddKeyAsync(_application, "First pair");
        await OpenAsync($"applications/{_application.Id}");

        await Page.Locator("#generate-key").ClickAsync();
        await NameField.FillAsync("Second pair");
        await PressAsync("Generate Key");
        (string key, string secret) = (await ShownAsync("Key"), await ShownAsync("Secret"));
        await SavedAsync();

        await Expect(Row("Second pair")).ToBeVisibleAsync();
        await Expect(Row("First pair").Locator(".state")).ToHaveTextAsync("Active");
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/orders/7", key, secret));
    }

    [Fact]
    public async Task P15_The_toggle_asks_how_the_key_is_to_be_revoked_and_Cancel_leaves_it()
    {
        SecretResult pair = await Site.AddKeyAsync(_application, "Live pair");
        await OpenAsync($"applications/{_application.Id}");
        ILocator toggle = Page.GetByRole(AriaRole.Switch, new() { Name = "Live pair is on" });

        await toggle.ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Heading, new() { Name = "Revoking the Key" })).ToBeVisibleAsync();
        await Expect(Dialog.GetByRole(AriaRole.Radio)).ToHaveCountAsync(3);
        await PressAsync("Cancel");
        await Expect(toggle).ToBeFocusedAsync();
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", pair.Credential!.Key!, pair.Text!));

        await toggle.ClickAsync();
        await Dialog.GetByLabel("Suspend it").CheckAsync();
        await PressAsync("Suspend");
        await Expect(Row("Live pair").Locator(".state")).ToHaveTextAsync("Inactive");
        Assert.Equal(HttpStatusCode.Unauthorized, await Site.CallAsync("/open", pair.Credential.Key!, pair.Text!));

        await toggle.ClickAsync();
        await Expect(Row("Live pair").Locator(".state")).ToHaveTextAsync("Active");

        await toggle.ClickAsync();
        await Dialog.GetByLabel("Revoke it after an overlap").CheckAsync();
        await PressAsync("Revoke later");
        await Expect(Row("Live pair")).ToContainTextAsync("Revoked tomorrow");
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", pair.Credential.Key!, pair.Text!));

        await toggle.ClickAsync();
        await Dialog.GetByLabel("Revoke it now").CheckAsync();
        await PressAsync("Revoke now");
        await Expect(Row("Live pair").Locator(".state")).ToHaveTextAsync("Revoked");
        await Expect(toggle).ToBeDisabledAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await Site.CallAsync("/open", pair.Credential.Key!, pair.Text!));
    }

    protected override async Task SeedAsync()
    {
        _workspace = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(_workspace, "Shop", "orders");
    }

    private async Task StartWizardAsync(string name)
    {
        await OpenAsync("applications");
        await Button("New App").ClickAsync();
        await Dialog.GetByLabel("Application Name").FillAsync(name);
        await PressAsync("Next");
    }

    private async Task FinishWizardAsync(string name)
    {
        await StartWizardAsync(name);
        await Dialog.GetByRole(AriaRole.Checkbox, new() { Name = "orders" }).CheckAsync();
        await PressAsync("Next");
        await PressAsync("Connect and Generate Keys");
        await Expect(Dialog.GetByText("Save the Secret now")).ToBeVisibleAsync();
    }
}
