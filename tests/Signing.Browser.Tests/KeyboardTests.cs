using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

public sealed class KeyboardTests(Chromium chromium) : BrowserTest(chromium)
{
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task A_key_is_created_with_the_keyboard_alone()
    {
        await OpenAsync("");

        await TabToAsync("API Keys");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "API Keys" })).ToBeFocusedAsync();
        await TabToAsync("+ API Key");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(NameField).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("Till 7");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Dialog.GetByText("Save the Secret now")).ToBeVisibleAsync();
        await TabToAsync("Copy Secret");
        await Page.Keyboard.PressAsync("Space");
        Assert.Equal(await ShownAsync("Secret"), await ClipboardAsync());
        await TabToAsync("OK, I saved it");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Row("Till 7")).ToBeVisibleAsync();
        await Expect(Page.Locator("#new-key")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_menu_is_walked_with_the_arrows_and_Escape_gives_the_focus_back()
    {
        await Site.AddKeyAsync(_application, "Till 7");
        await OpenAsync("keys");
        ILocator opener = Page.GetByRole(AriaRole.Button, new() { Name = "Actions for Till 7" });
        await opener.FocusAsync();

        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Details" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowUp");
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page.GetByRole(AriaRole.Menuitem, new() { Name = "Details" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Escape");

        await Expect(opener).ToBeFocusedAsync();
        await Expect(Page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_panel_opens_by_the_link_of_a_row_and_Escape_returns_to_it()
    {
        await Site.AddKeyAsync(_application, "Till 7");
        await OpenAsync("keys");
        await Link("Till 7").FocusAsync();

        await Page.Keyboard.PressAsync("Enter");
        await Expect(Panel).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Escape");

        await Expect(Panel).ToHaveCountAsync(0);
        await Expect(Link("Till 7")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_first_stop_skips_to_the_content()
    {
        await OpenAsync("keys");

        await Page.Keyboard.PressAsync("Tab");
        await Expect(Link("Skip to the content")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
    }

    protected override async Task SeedAsync() => _application = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme"), "Tills");

    // As often as it takes, and no more than once round the page.
    private async Task TabToAsync(string name)
    {
        for (int stops = 0; stops < 40; stops++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<string>("(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()") == name)
            {
                return;
            }
        }

        Assert.Fail($"The keyboard does not reach {name}.");
    }
}
