using System.Net;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests.Rows;

/// <summary>The rows of a provider with a page of API keys, which end, are renewed and copied.</summary>
public sealed class ApiKeyRowTests(Chromium chromium) : BrowserTest(chromium)
{
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task L1_The_sidebar_opens_the_page_of_API_Keys()
    {
        await OpenAsync("");

        await Link("API Keys").ClickAsync();

        await Expect(Page).ToHaveURLAsync(new Uri(Site.Page, "keys").AbsoluteUri);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "API Keys" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task L2_Plus_API_Key_at_the_top_right_opens_the_form()
    {
        await OpenAsync("keys");
        LocatorBoundingBoxResult box = (await Page.Locator("#new-key").BoundingBoxAsync())!;

        await Page.Locator("#new-key").ClickAsync();

        Assert.InRange(box.X + box.Width, 1350, 1440);
        await Expect(Page.Locator("#new-key")).ToHaveAccessibleNameAsync("+ API Key");
        await Expect(NameField).ToBeFocusedAsync();
    }

    [Fact]
    public async Task L3_A_name_that_is_taken_is_refused_in_words()
    {
        Refusals.Add(409);
        await Site.AddKeyAsync(_application, "Till 7");

        await CreateAsync("Till 7");

        await Expect(Dialog.GetByText("Another credential of this workspace has this name.")).ToBeVisibleAsync();
        await Expect(Dialog.Locator("input[name=name]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task L4_An_expiration_date_is_optional()
    {
        await CreateAsync("Till 7", "Never");
        await SavedAsync();

        Assert.Null((await StoredAsync("Till 7")).Expires);
        await Expect(Row("Till 7").GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync("Never");
    }

    [Fact]
    public async Task L5_A_key_is_made_with_an_expiration_date_and_works_until_its_day_ends()
    {
        DateTime day = DateTime.Today.AddDays(30);

        await CreateAsync("Till 7", "On a date", day);
        (string key, string secret) = (await ShownAsync("Key"), await ShownAsync("Secret"));
        await SavedAsync();

        Assert.Equal(new DateTimeOffset(day.AddDays(1)), (await StoredAsync("Till 7")).Expires);
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", key, secret));
    }

    [Fact]
    public async Task L6_The_list_shows_each_key_by_its_name()
    {
        await Site.AddKeyAsync(_application, "Till 7");
        await Site.AddKeyAsync(_application, "Till 8", CredentialKind.ApiToken);

        await OpenAsync("keys");

        await Expect(Row("Till 7")).ToContainTextAsync("Key and Secret");
        await Expect(Row("Till 8")).ToContainTextAsync("API token");
    }

    [Fact]
    public async Task L7_The_list_shows_the_expiration_and_its_exact_instant()
    {
        SecretResult made = await Site.AddKeyAsync(_application, "Till 7", lifetime: TimeSpan.FromDays(30));

        await OpenAsync("keys");

        ILocator time = Row("Till 7").Locator("time").First;
        await Expect(time).ToHaveTextAsync("in 30 days");
        await Expect(time).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex($"{made.Credential!.Expires:yyyy}, "));
    }

    [Fact]
    public async Task L8_An_expired_key_says_so_in_words()
    {
        await Site.AddKeyAsync(_application, "Till 7", lifetime: TimeSpan.FromDays(1));
        Site.Clock.Shift = TimeSpan.FromDays(4);

        await OpenAsync("keys");

        await Expect(Row("Till 7").GetByText("Expired 3 days ago")).ToBeVisibleAsync();
        await Expect(Row("Till 7").Locator(".state")).ToHaveTextAsync("Expired");
    }

    [Fact]
    public async Task L10_Renew_brings_the_same_key_back()
    {
        SecretResult made = await Site.AddKeyAsync(_application, "Till 7", lifetime: TimeSpan.FromDays(1));
        Site.Clock.Shift = TimeSpan.FromDays(4);
        await OpenAsync("keys");

        await ChooseAsync("Till 7", "Renew");
        await Expect(Dialog).ToContainTextAsync("“Till 7” keeps its Key and Secret. It ended: ");
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
        await PressAsync("Renew");

        await Expect(Row("Till 7").Locator(".state")).ToHaveTextAsync("Active");
        Assert.Equal(made.Credential!.Key, (await StoredAsync("Till 7")).Key);
        Assert.Equal(CredentialState.Active, CredentialStates.Of(await StoredAsync("Till 7"), Site.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task L11_Each_key_that_may_be_revealed_can_be_copied_and_the_audit_says_who_did()
    {
        SecretResult token = await Site.AddKeyAsync(_application, "Till 7", CredentialKind.ApiToken);
        SecretResult pair = await Site.AddKeyAsync(_application, "Till 8");
        await OpenAsync("keys");

        await ChooseAsync("Till 7", "Copy");
        await Expect(Page.Locator(".notice").GetByText("Copied. The audit says that you did.")).ToBeVisibleAsync();
        Assert.Equal(token.Text, await ClipboardAsync());
        await ChooseAsync("Till 8", "Copy Key");
        await Expect(Page.Locator(".notice")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Copied\\.$"));
        Assert.Equal(pair.Credential!.Key, await ClipboardAsync());

        AuditEvent revealed = Assert.Single(await AuditAsync(), entry => entry.Action == "credential.revealed");
        Assert.Equal(("dana", token.Credential!.Id), (revealed.Actor, revealed.Target));
    }

    [Fact]
    public async Task L12_Delete_asks_and_the_key_is_gone_and_refused()
    {
        SecretResult made = await Site.AddKeyAsync(_application, "Till 7");
        await OpenAsync("keys");

        await ChooseAsync("Till 7", "Delete");
        await Expect(Dialog).ToContainTextAsync("It has never been used.");
        await PressAsync("Delete");

        await Expect(Page.GetByText("No API key yet")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await Site.CallAsync("/open", made.Credential!.Key!, made.Text!));
    }

    [Fact]
    public async Task L13_More_information_tells_what_the_kinds_are_for()
    {
        await OpenAsync("keys");

        await Page.GetByText("More information").ClickAsync();

        await Expect(Page.GetByText("one text that is sent with each request. Simpler")).ToBeVisibleAsync();
    }

    protected override async Task SeedAsync() => _application = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme", SecretDisclosure.Retrievable), "Tills");

    private async Task CreateAsync(string name, string? expiration = null, DateTime? day = null)
    {
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync(name);
        if (expiration is not null)
        {
            await Dialog.GetByLabel("Expiration").SelectOptionAsync(expiration);
        }

        if (day is not null)
        {
            await Dialog.GetByLabel("Last day").FillAsync($"{day:yyyy-MM-dd}");
        }

        await PressAsync("Create");
    }
}
