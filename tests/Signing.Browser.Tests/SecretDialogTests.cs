using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

public sealed class SecretDialogTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Escape_does_not_lose_a_secret_that_was_not_saved()
    {
        await GenerateAsync();
        string secret = await ShownAsync("Secret");

        await Page.Keyboard.PressAsync("Escape");
        await Page.Keyboard.PressAsync("Escape");
        await Page.Keyboard.PressAsync("Escape");

        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Save the Secret first, then press “OK, I saved it”.");
        Assert.Equal(secret, await ShownAsync("Secret"));
        await Expect(Button("OK, I saved it")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Leaving_the_page_asks_before_a_secret_is_lost_and_not_any_more_after_it()
    {
        await GenerateAsync();
        string secret = await ShownAsync("Secret");
        var questions = new List<string>();
        var asked = new TaskCompletionSource();
        Page.Dialog += async (_, question) =>
        {
            questions.Add(question.Type);
            await question.DismissAsync();
            asked.TrySetResult();
        };

        await Page.EvaluateAsync("setTimeout(() => location.reload())");
        await asked.Task.WaitAsync(Cancelled);
        Assert.Equal(secret, await ShownAsync("Secret"));

        await SavedAsync();
        await Page.ReloadAsync();
        await SettledAsync();
        Assert.Equal(["beforeunload"], questions);
    }

    [Fact]
    public async Task Nothing_of_the_secret_is_in_the_page_any_more_as_soon_as_its_button_was_pressed()
    {
        await GenerateAsync();
        string secret = await ShownAsync("Secret");

        // The event that tells of a closed dialog waits for the next frame, and a page in the background has none.
        bool[] isThere = await Dialog.GetByRole(AriaRole.Button, new() { Name = "OK, I saved it" }).EvaluateAsync<bool[]>(
            "(button, secret) => { const look = () => document.documentElement.outerHTML.includes(secret); const before = look(); button.click(); return [before, look()]; }",
            secret);

        Assert.Equal([true, false], isThere);
    }

    [Fact]
    public async Task Back_leaves_the_secret_where_it_is()
    {
        await OpenAsync("");
        await Link("API Keys").ClickAsync();
        await SettledAsync();
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await PressAsync("Create");
        string secret = await ShownAsync("Secret");

        await Page.EvaluateAsync("history.back()");

        await Expect(Page).ToHaveURLAsync(Site.Page.AbsoluteUri);
        Assert.Equal(secret, await ShownAsync("Secret"));
    }

    [Fact]
    public async Task The_focus_returns_to_the_button_that_opened_the_dialog()
    {
        await GenerateAsync();

        await SavedAsync();

        await Expect(Page.Locator("#new-key")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_snippets_are_ready_to_paste()
    {
        await GenerateAsync();
        (string key, string secret) = (await ShownAsync("Key"), await ShownAsync("Secret"));
        await Dialog.GetByText("Ready to paste").ClickAsync();

        await PressAsync("Copy .env");
        Assert.Equal($"Api__Key={key}\nApi__Secret={secret}", await ClipboardAsync());
        await PressAsync("Copy appsettings.json");
        using var settings = System.Text.Json.JsonDocument.Parse(await ClipboardAsync());

        Assert.Equal(secret, settings.RootElement.GetProperty("Api").GetProperty("Secret").GetString());
        await SavedAsync();
    }

    [Fact]
    public async Task Where_there_is_no_clipboard_copy_still_copies()
    {
        await Page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
        await GenerateAsync();

        await PressAsync("Copy Secret");

        await Expect(Dialog.GetByRole(AriaRole.Button, new() { Name = "Copied Secret" })).ToBeFocusedAsync();
        await SavedAsync();
    }

    protected override async Task SeedAsync() => await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme", SecretDisclosure.Once), "Tills");

    private async Task GenerateAsync()
    {
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await PressAsync("Create");
        await Expect(Dialog.GetByText("Save the Secret now")).ToBeVisibleAsync();
    }
}
