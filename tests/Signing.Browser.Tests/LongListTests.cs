using System.Globalization;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What an operator needs where there are many rows, or little room.</summary>
public sealed class LongListTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _workspace = null!;
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task What_was_typed_before_the_page_was_left_narrows_no_other_list()
    {
        await OpenAsync("keys");

        await Page.EvaluateAsync("""
            async () => {
                const find = document.querySelector('input[type=search]');
                find.value = 'Till';
                find.dispatchEvent(new Event('input', { bubbles: true }));
                document.querySelector('nav a[href^=audit]').click();
                await new Promise(done => setTimeout(done, 250));
            }
            """);

        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "audit").AbsoluteUri);
    }

    [Fact]
    public async Task A_row_far_down_stays_where_it_is_when_it_is_changed()
    {
        await AddKeysAsync(_application, 60);
        await OpenAsync("keys");
        await Button("Show more").ClickAsync();
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(60);

        await ChooseAsync("Till 002", "Suspend");
        await PressAsync("Suspend");

        await Expect(Row("Till 002")).ToContainTextAsync("Inactive");
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(60);
        await Expect(Button("Actions for Till 002")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_key_far_down_an_integration_stays_and_has_the_focus_when_it_is_switched_off()
    {
        await AddKeysAsync(_application, 60);
        await OpenAsync($"applications/{_application.Id}");
        await Button("Show more").ClickAsync();
        ILocator toggle = Page.GetByRole(AriaRole.Switch, new() { Name = "Till 002 is on" });
        await toggle.PressAsync("Space");

        await PressAsync("Suspend");

        await Expect(toggle).ToHaveAttributeAsync("aria-checked", "false");
        await SettledAsync();
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(60);
        await Expect(toggle).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Each_card_has_its_Key_however_many_keys_others_have()
    {
        string key = (await Site.AddKeyAsync(_application, "The first")).Credential!.Key!;
        await AddKeysAsync(await Site.AddApplicationAsync(_workspace, "Many"), 200);

        await OpenAsync("applications");

        await Expect(Page.GetByRole(AriaRole.Listitem).Filter(new() { Has = Link("Tills") })).ToContainTextAsync(key);
    }

    [Fact]
    public async Task A_form_that_knows_the_newest_integrations_alone_says_where_the_others_get_a_key()
    {
        for (int number = 1; number < 200; number++)
        {
            await Site.AddApplicationAsync(_workspace, string.Create(CultureInfo.InvariantCulture, $"Shop {number:000}"));
            if (number == 198)
            {
                await OpenAsync("keys");
                await Page.Locator("#new-key").ClickAsync();
                await Expect(Dialog.GetByText("The program that uses it.")).ToBeVisibleAsync();
            }
        }

        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();

        await Expect(Dialog.GetByText("The newest 200; the others have Generate Key on their pages.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keys_and_the_activity_of_an_integration_are_found_by_their_words()
    {
        await AddKeysAsync(_application, 60);
        await OpenAsync($"applications/{_application.Id}");
        await Page.GetByLabel("Find by name, Key or id").FillAsync("Till 007");
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(Row("Till 007")).ToBeVisibleAsync();

        await Link("Activity").ClickAsync();
        await Page.GetByLabel("Find by person, action or id").FillAsync("application.create");

        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(760, 320)]
    [InlineData(320, 256)]
    public async Task Each_page_can_be_reached_by_scrolling_on_a_low_screen(int width, int height)
    {
        await AddKeysAsync(_application, 5);
        await Page.SetViewportSizeAsync(width, height);
        await OpenAsync("keys");
        if (await Button("Menu").IsVisibleAsync())
        {
            await Button("Menu").ClickAsync();
        }

        await Link("API Keys").HoverAsync();
        await Page.Mouse.WheelAsync(0, 400);

        await Expect(Link("Workspaces")).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    protected override async Task SeedAsync()
    {
        _workspace = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(_workspace, "Tills");
    }

    private async Task AddKeysAsync(ApplicationRecord application, int count)
    {
        for (int number = 1; number <= count; number++)
        {
            await Site.AddKeyAsync(application, string.Create(CultureInfo.InvariantCulture, $"Till {number:000}"));
        }
    }
}
