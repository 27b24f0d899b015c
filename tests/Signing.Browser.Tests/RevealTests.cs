using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>A Secret that may be seen again is seen by whoever confirmed it, and is gone with its dialog.</summary>
public sealed class RevealTests(Chromium chromium) : BrowserTest(chromium)
{
    private ApplicationRecord _application = null!;
    private SecretResult _made;

    [Fact]
    public async Task Nothing_is_revealed_before_it_was_confirmed()
    {
        var sent = new Sent(Page);
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Reveal");
        await Expect(Dialog).ToContainTextAsync("The audit will say that you saw the Secret of “Till 7”.");
        await PressAsync("Cancel");
        await Expect(Dialog).ToHaveCountAsync(0);
        Assert.Empty(sent.Take());

        await ChooseAsync("Till 7", "Reveal");
        await PressAsync("Reveal");
        await Expect(Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Till 7");
        Assert.Equal((_made.Credential!.Key, _made.Text), (await ShownAsync("Key"), await ShownAsync("Secret")));
        await Expect(Dialog.GetByRole(AriaRole.Button)).ToHaveTextAsync(["Copy Key", "Copy Secret", "OK, I saved it"]);
        await Expect(Dialog.Locator(".good")).ToHaveCountAsync(0);
        await Expect(Dialog).ToContainTextAsync("It can be revealed again; each time is audited.");
        await SavedAsync();

        Assert.DoesNotContain(_made.Text!, await Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal([$"POST credentials/{_made.Credential.Id}:reveal  {{}}"], sent.Take());
    }

    [Fact]
    public async Task The_eye_of_an_access_key_reveals_it()
    {
        await OpenAsync($"applications/{_application.Id}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Till 7" }).ClickAsync();
        await PressAsync("Reveal");

        Assert.Equal(_made.Text, await ShownAsync("Secret"));
        await SavedAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Reveal Till 7" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_copy_of_a_Secret_leaves_nothing_of_it_in_the_page_where_there_is_no_clipboard()
    {
        await Page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
        await Page.AddInitScriptAsync("addEventListener('copy', () => { window.copied = document.activeElement.value; })");
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Copy Secret");

        await Expect(Page.Locator(".notice")).ToHaveTextAsync("Copied. The audit says that you did.");
        Assert.Equal(_made.Text, await Page.EvaluateAsync<string>("window.copied"));
        Assert.False(await Page.EvaluateAsync<bool>(
            "secret => document.documentElement.outerHTML.includes(secret) || [...document.querySelectorAll('input, textarea')].some(field => field.value.includes(secret))", _made.Text));
        await Expect(Button("Actions for Till 7")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_could_not_be_copied_is_not_said_to_be()
    {
        await Page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false;");
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Copy Key");
        await Expect(Page.Locator(".notice")).ToHaveTextAsync("Not copied.");
        await ChooseAsync("Till 7", "Copy Secret");
        await Expect(Page.Locator(".notice")).ToHaveTextAsync("Not copied: use Reveal.");
        await ChooseAsync("Till 7", "Reveal");
        await PressAsync("Reveal");

        await PressAsync("Copy Secret");

        await Expect(Dialog.Locator("[aria-live]")).ToHaveTextAsync("Not copied. Select it and copy it by hand.");
        await Expect(Dialog.GetByRole(AriaRole.Button)).ToHaveTextAsync(["Copy Key", "Not copied Secret", "OK, I saved it"]);
        await Expect(Dialog.GetByTitle("Not copied")).ToBeVisibleAsync();
        await SavedAsync();
    }

    [Fact]
    public async Task A_Secret_that_the_browser_closes_all_the_same_is_opened_again()
    {
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Rotate");
        await PressAsync("Rotate");
        string secret = await ShownAsync("Secret");
        await Expect(Dialog).ToHaveAccessibleNameAsync("Your new Secret");

        // Where a browser asks before it closes, it is told not to.
        Assert.False(await Dialog.EvaluateAsync<bool>("dialog => dialog.dispatchEvent(new Event('cancel', { cancelable: true }))"));
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Save the Secret first");
        await Page.EvaluateAsync("() => new Promise(done => { const dialog = document.querySelector('dialog'); dialog.addEventListener('close', () => setTimeout(done)); dialog.close(); })");

        await Expect(Dialog).ToBeVisibleAsync();
        Assert.Equal(secret, await ShownAsync("Secret"));
        await SavedAsync();
    }

    protected override async Task SeedAsync()
    {
        _application = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme", SecretDisclosure.Retrievable), "Tills");
        _made = await Site.AddKeyAsync(_application, "Till 7");
    }
}
