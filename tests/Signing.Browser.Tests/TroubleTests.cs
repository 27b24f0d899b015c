using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What an operator is told when the network, the session, a colleague or an entry is not as it should be.</summary>
public sealed class TroubleTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Warning = "M10 3 18 16.5H2zM10 8v4M10 14.4h.01";

    private ApplicationRecord _application = null!;

    [Fact]
    public async Task A_button_that_cannot_fetch_what_its_form_needs_says_so()
    {
        Refusals.Add(503);
        await OpenAsync("keys");
        await Page.RouteAsync("**/api/v1/applications*", route => route.FulfillAsync(new() { Status = 503, Body = "<html>" }));

        await Page.Locator("#new-key").ClickAsync();

        await Expect(Page.Locator(".notice")).ToContainTextAsync("http_503");
        await Expect(Page.Locator(".notice path").First).ToHaveAttributeAsync("d", Warning);
        await Expect(Dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_rejected_without_a_reason_is_no_error_of_the_page()
    {
        await OpenAsync("keys");

        await Page.EvaluateAsync("() => { dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve() })); }");

        await Expect(Page.Locator(".notice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_slow_button_that_is_pressed_twice_opens_one_form()
    {
        await OpenAsync("keys");
        TaskCompletionSource isPressed = new();
        await Page.RouteAsync("**/api/v1/applications*", async route =>
        {
            await isPressed.Task;
            await route.ContinueAsync();
        });
        await Page.Locator("#new-key").ClickAsync();
        await Page.Locator("#new-key").ClickAsync();
        int answers = 0;
        TaskCompletionSource areAnswered = new();
        Page.RequestFinished += (_, request) =>
        {
            if (request.Url.Contains("/api/v1/applications", StringComparison.Ordinal) && Interlocked.Increment(ref answers) == 2)
            {
                areAnswered.SetResult();
            }
        };

        isPressed.SetResult();

        await areAnswered.Task;
        await NameField.First.FillAsync("Till 7");
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await Expect(Page.Locator("dialog")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_was_typed_into_the_settings_stays_when_somebody_was_quicker()
    {
        Refusals.Add(412);
        await OpenAsync($"applications/{_application.Id}?tab=settings");
        await Site.Desk.EditAsync<ApplicationRecord>(_application.Id, null, row => row with { Description = "By lee" }, new Actor("lee"), Cancelled);

        await Page.GetByLabel("Description").FillAsync("A long text of mine");
        await Button("Save").ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Alert).GetByText("version_mismatch")).ToBeVisibleAsync();
        await SettledAsync();
        await Expect(Page.GetByLabel("Description")).ToHaveValueAsync("A long text of mine");
    }

    [Fact]
    public async Task A_key_that_was_made_without_an_answer_is_in_the_list_behind_the_form()
    {
        Refusals.Add(0);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await Page.RouteAsync("**/api/v1/credentials", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync();
        });

        await PressAsync("Create");

        await Expect(Dialog.GetByText("look at the list")).ToBeVisibleAsync();
        await PressAsync("Cancel");
        await Expect(Row("Till 7")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_refused_form_keeps_the_focus_of_the_keyboard()
    {
        Refusals.Add(401);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await Context.ClearCookiesAsync();
        ILocator create = Dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true });
        await create.FocusAsync();

        await Page.Keyboard.PressAsync("Enter");

        await Expect(Dialog.GetByText("not_signed_in")).ToBeVisibleAsync();
        await Expect(create).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_form_is_sent_once_until_it_is_answered_and_says_its_last_refusal_alone()
    {
        Refusals.Add(503);
        var sent = new Sent(Page);
        TaskCompletionSource answer = new();
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await Page.RouteAsync("**/api/v1/credentials", async route =>
        {
            await answer.Task;
            await route.FulfillAsync(new() { Status = 503, Body = "<html>" });
        });
        await NameField.PressAsync("Enter");
        await Expect(Dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true })).ToBeDisabledAsync();
        await NameField.PressAsync("Enter");
        await Page.EvaluateAsync("document.querySelector('dialog form').requestSubmit()");
        Assert.Single(sent.Take());

        answer.SetResult();
        await Expect(Dialog.Locator(".refusal")).ToContainTextAsync("http_503");
        await PressAsync("Create");
        await Expect(Dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true })).ToBeEnabledAsync();

        Assert.Single(sent.Take());
        await Expect(Dialog.Locator(".refusal")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_is_wrong_with_a_field_that_was_folded_away_is_seen()
    {
        Refusals.Add(400);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await Dialog.GetByText("More settings").ClickAsync();
        await Dialog.GetByLabel("Scopes").FillAsync("a\"b");
        await Dialog.GetByText("More settings").ClickAsync();

        await PressAsync("Create");

        await Expect(Dialog.GetByText("list_invalid").Or(Dialog.Locator(".wrong:visible"))).ToBeVisibleAsync();
        await Expect(Dialog.GetByLabel("Scopes")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_end_that_the_form_offers_is_that_of_the_chosen_integration()
    {
        WorkspaceRecord endless = (await Site.Desk.CreateWorkspaceAsync(new NewWorkspace { Name = "Endless" }, new Actor("seed"), Cancelled)).Row!;
        await Site.AddApplicationAsync(endless, "Reports");
        await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Yearly"), "Newest");
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        ILocator ends = Dialog.GetByLabel("Expiration").GetByRole(AriaRole.Option);
        await Expect(ends).ToHaveTextAsync(["After 365 days, as the workspace has it", "On a date", "Never"]);

        await Dialog.GetByLabel("Integration").SelectOptionAsync("Reports · Endless");

        await Expect(Dialog.GetByLabel("Expiration").GetByRole(AriaRole.Option)).ToHaveTextAsync(["On a date", "Never"]);
    }

    [Fact]
    public async Task A_new_workspace_is_in_the_switcher_at_once()
    {
        await Site.AddWorkspaceAsync("Northwind");
        await OpenAsync("workspaces");
        await Page.Locator("#new-workspace").ClickAsync();
        await NameField.FillAsync("Fabrikam");

        await PressAsync("Create");

        await Expect(Page.GetByRole(AriaRole.Option, new() { Name = "Fabrikam" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_has_to_be_copied_exactly_is_not_translated()
    {
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await PressAsync("Create");
        await Dialog.GetByText("Ready to paste").ClickAsync();

        bool[] translates = await Dialog.Locator("output, pre").EvaluateAllAsync<bool[]>("texts => texts.map(text => text.translate)");

        Assert.Equal([false, false, false, false], translates);
        await SavedAsync();
        Assert.False(await Row("Till 7").Locator("code[title]").EvaluateAsync<bool>("key => key.translate"));
    }

    protected override async Task SeedAsync() => _application = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme"), "Tills");
}
