using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What becomes of an answer when its form was left before it came.</summary>
public sealed class LateSecretTests(Chromium chromium) : BrowserTest(chromium)
{
    private readonly TaskCompletionSource _answer = new();

    [Theory]
    [InlineData("Back")]
    [InlineData("Cancel")]
    [InlineData("Close")]
    [InlineData("Escape")]
    public async Task A_secret_that_was_made_is_shown_however_its_form_was_left(string way)
    {
        await OpenAsync("");
        await Link("API Keys").ClickAsync();
        await SettledAsync();
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 8");
        await HoldAsync("**/api/v1/credentials", route => route.ContinueAsync());
        await SendAsync("Create");

        await LeaveAsync(way);
        _answer.SetResult();

        await Expect(Dialog.GetByText("Save the Secret now")).ToBeVisibleAsync();
        Assert.EndsWith((await StoredAsync("Till 8")).Secrets[^1].Hint, await ShownAsync("Secret"), StringComparison.Ordinal);
        await SavedAsync();
    }

    [Fact]
    public async Task That_of_a_new_integration_is_shown_over_the_form_that_was_opened_meanwhile()
    {
        await OpenAsync("applications");
        await Page.Locator("#new-integration").ClickAsync();
        await Dialog.GetByLabel("Application Name").FillAsync("Scales");
        await HoldAsync("**/api/v1/applications", route => route.ContinueAsync());
        await SendAsync("Create");
        await LeaveAsync("Escape");
        await Page.Locator("#new-integration").ClickAsync();

        _answer.SetResult();

        await Expect(Dialog.GetByText("Save the Secret now")).ToBeVisibleAsync();
        await PressAsync("OK, I saved it");
        await Expect(Dialog.GetByLabel("Application Name")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_refusal_is_told_when_its_form_is_gone()
    {
        Refusals.Add(503);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 8");
        await HoldAsync("**/api/v1/credentials", route => route.FulfillAsync(new() { Status = 503, Body = "<html>" }));
        await SendAsync("Create");

        await LeaveAsync("Cancel");
        _answer.SetResult();

        await Expect(Page.Locator(".notice")).ToContainTextAsync("http_503");
    }

    [Fact]
    public async Task Leaving_the_page_asks_while_an_answer_is_awaited()
    {
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 8");
        await HoldAsync("**/api/v1/credentials", route => route.ContinueAsync());
        await SendAsync("Create");
        TaskCompletionSource<string> asked = new();
        Page.Dialog += async (_, question) =>
        {
            await question.DismissAsync();
            asked.TrySetResult(question.Type);
        };

        await Page.EvaluateAsync("setTimeout(() => location.reload())");

        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancelled));
        _answer.SetResult();
        await SavedAsync();
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("sharing-keys")]
    public async Task It_does_not_wait_for_the_list_behind_it(string list)
    {
        await OpenAsync(list);
        await HoldAsync($"**/api/v1/{(list == "keys" ? "credentials" : list)}?*", route => route.ContinueAsync());
        if (list == "keys")
        {
            await ChooseAsync("Till 7", "Rotate");
            await PressAsync("Rotate");
        }
        else
        {
            await Page.Locator("#new-sharing-key").ClickAsync();
            await NameField.FillAsync("For Northwind");
            await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
            await PressAsync("Create");
        }

        await Expect(Dialog.GetByText("now: it is shown this once")).ToBeVisibleAsync();

        _answer.SetResult();
        await SavedAsync();
    }

    protected override async Task SeedAsync() =>
        await Site.AddKeyAsync(await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme", SecretDisclosure.Once), "Tills"), "Till 7");

    private Task HoldAsync(string path, Func<IRoute, Task> answer) => Page.RouteAsync(path, async route =>
    {
        await _answer.Task;
        await answer(route);
    });

    private Task SendAsync(string button) => Page.RunAndWaitForRequestAsync(() => PressAsync(button), request => request.Method == "POST");

    private async Task LeaveAsync(string way)
    {
        await (way switch
        {
            "Back" => Page.GoBackAsync(),
            "Escape" => Page.Keyboard.PressAsync("Escape"),
            _ => PressAsync(way),
        });
        await Expect(Dialog).ToHaveCountAsync(0);
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }
}
