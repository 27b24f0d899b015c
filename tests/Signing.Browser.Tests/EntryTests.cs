using System.Globalization;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What was entered is what is sent, and what was not is left out.</summary>
public sealed class EntryTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _acme = null!;
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task A_key_is_made_with_each_of_its_settings()
    {
        var sent = new Sent(Page);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("  Till 7  ");
        await Dialog.GetByLabel("test", new() { Exact = true }).CheckAsync();
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
        await Dialog.GetByText("More settings").ClickAsync();
        await Dialog.GetByLabel("Scopes").FillAsync(" orders.read,orders.write  stock ");
        await Dialog.GetByLabel("Not before").FillAsync("2031-02-03T04:05");
        await Dialog.GetByLabel("May log in with its Secret").UncheckAsync();
        await Expect(Dialog.Locator(".danger")).ToHaveCountAsync(0);
        await PressAsync("Create");
        await SavedAsync();
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 7” is made.");

        string start = new DateTimeOffset(new DateTime(2031, 2, 3, 4, 5, 0, DateTimeKind.Local)).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        Assert.Equal(
            [
                $$"""POST credentials  {"applicationId":"{{_application.Id}}","kind":"keyPair","name":"Till 7","environment":"test","scopes":["orders.read","orders.write","stock"],"notBefore":"{{start}}","neverExpires":true,"clientSecretAllowed":false}""",
            ],
            sent.Take());
        await Expect(Row("Till 7").Locator(".state")).ToHaveTextAsync("Scheduled");
        await Row("Till 7").ClickAsync();
        await Expect(Panel).ToContainTextAsync("Not before");
        await Expect(Panel.Locator("code.chip")).ToHaveTextAsync(["orders.read", "orders.write", "stock"]);
        await Expect(Panel).ToContainTextAsync("No, it can only sign");
    }

    [Fact]
    public async Task An_API_token_is_chosen_where_a_key_is_made()
    {
        var sent = new Sent(Page);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Importer");
        await Dialog.GetByLabel("API token").CheckAsync();

        await PressAsync("Create");

        await Expect(Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Your new API token");
        await PressAsync("Copy API token");
        string token = await ClipboardAsync();
        await Expect(Dialog.Locator("output")).ToHaveCountAsync(1);
        Assert.Equal(new string('•', 32), await ShownAsync("API token"));
        await PressAsync("Show");
        Assert.Equal(token, await ShownAsync("API token"));
        await Expect(Button("Show")).ToHaveCountAsync(0);
        await Dialog.GetByText("Ready to paste").ClickAsync();
        await Expect(Dialog.Locator("pre").Last).ToHaveTextAsync($"Api__Token={token}");
        await SavedAsync();
        Assert.Equal([$$"""POST credentials  {"applicationId":"{{_application.Id}}","kind":"apiToken","name":"Importer","environment":"live","scopes":[]}"""], sent.Take());
    }

    [Fact]
    public async Task A_token_of_an_integration_is_made_on_its_page()
    {
        var sent = new Sent(Page);
        await OpenAsync($"applications/{_application.Id}");
        await ChooseAsync("Tills", "Generate API token");
        await Expect(Dialog.GetByLabel("Integration")).ToHaveCountAsync(0);
        await Dialog.GetByLabel("Label").FillAsync("Importer");

        await PressAsync("Generate");
        await SavedAsync();

        Assert.Equal([$$"""POST credentials  {"applicationId":"{{_application.Id}}","kind":"apiToken","name":"Importer","environment":"live","scopes":[]}"""], sent.Take());
    }

    [Theory]
    [InlineData("A workspace", "granteeWorkspaceId", "Northwind")]
    [InlineData("An application", "granteeApplicationId", "Reports")]
    public async Task A_sharing_key_is_bound_to_whom_it_is_for(string whom, string property, string grantee)
    {
        var sent = new Sent(Page);
        WorkspaceRecord northwind = await Site.AddWorkspaceAsync("Northwind");
        string id = grantee == "Reports" ? (await Site.AddApplicationAsync(northwind, "Reports")).Id : northwind.Id;
        await OpenAsync("sharing-keys");
        await Page.Locator("#new-sharing-key").ClickAsync();
        await NameField.FillAsync("Auditors");
        await Dialog.GetByLabel("Shared by").SelectOptionAsync("Acme");
        await Dialog.GetByLabel("Scopes").FillAsync("read count");
        await Expect(Dialog.GetByLabel("Its id")).ToBeHiddenAsync();
        await Dialog.GetByLabel(whom, new() { Exact = true }).CheckAsync();
        await Expect(Dialog.GetByLabel("Last day")).ToBeVisibleAsync();
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
        await Expect(Dialog.GetByLabel("Last day")).ToBeHiddenAsync();
        await PressAsync("Create");
        await Expect(Dialog.GetByLabel("Its id")).ToHaveAccessibleDescriptionAsync("This is needed.");
        await Dialog.GetByLabel("Its id").FillAsync(id);

        await PressAsync("Create");

        await Expect(Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Your new sharing key");
        await Dialog.GetByText("Ready to paste").ClickAsync();
        await Expect(Dialog.Locator("pre").Last).ToHaveTextAsync($"Api__SharingKey={await ShownAsync("Sharing key")}");
        await SavedAsync();
        Assert.Equal([$$"""POST sharing-keys  {"grantorWorkspaceId":"{{_acme.Id}}","{{property}}":"{{id}}","name":"Auditors","scopes":["read","count"]}"""], sent.Take());
        await Expect(Row("Auditors").GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync(grantee);
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Auditors” is made.");
    }

    [Fact]
    public async Task A_sharing_key_that_ends_is_made_for_whoever_uses_it_first()
    {
        var sent = new Sent(Page);
        DateTime day = DateTime.Today.AddDays(30);
        await OpenAsync("sharing-keys");
        await Page.Locator("#new-sharing-key").ClickAsync();
        await NameField.FillAsync("Auditors");
        await Dialog.GetByLabel("Last day").FillAsync($"{day:yyyy-MM-dd}");

        await PressAsync("Create");
        await SavedAsync();

        string end = new DateTimeOffset(day.AddDays(1)).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        Assert.Equal([$$"""POST sharing-keys  {"grantorWorkspaceId":"{{_acme.Id}}","name":"Auditors","scopes":[],"expires":"{{end}}"}"""], sent.Take());
    }

    [Fact]
    public async Task A_key_keeps_what_was_not_changed_of_it_and_gets_the_end_that_was_chosen()
    {
        CredentialRecord key = (await Site.AddKeyAsync(_application, "Till 7")).Credential!;
        var sent = new Sent(Page);
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Edit");
        await NameField.FillAsync("Till 8");
        await Dialog.GetByLabel("May log in with its Secret").UncheckAsync();
        await PressAsync("Save");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("Saved.");

        await ChooseAsync("Till 8", "Renew");
        await Dialog.GetByLabel("Last day").FillAsync("2031-12-31");
        await PressAsync("Renew");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 8” is renewed.");
        await Expect(Row("Till 8").GetByRole(AriaRole.Cell).Nth(2)).ToContainTextAsync("in ");
        await ChooseAsync("Till 8", "Renew");
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
        await PressAsync("Renew");
        await Expect(Row("Till 8").GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync("Never");

        string end = new DateTimeOffset(new DateTime(2032, 1, 1, 0, 0, 0, DateTimeKind.Local)).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        Assert.Equal(
            [
                $$"""PATCH credentials/{{key.Id}} "1" {"name":"Till 8","scopes":[],"clientSecretAllowed":false}""",
                $$"""POST credentials/{{key.Id}}:renew "2" {"expires":"{{end}}"}""",
                $$"""POST credentials/{{key.Id}}:renew "3" {"expires":null}""",
            ],
            sent.Take());
    }

    [Fact]
    public async Task A_Secret_that_leaked_is_rotated_without_an_overlap()
    {
        CredentialRecord key = (await Site.AddKeyAsync(_application, "Till 7")).Credential!;
        var sent = new Sent(Page);
        await OpenAsync("keys");
        await ChooseAsync("Till 7", "Rotate");
        await Expect(Dialog.GetByLabel("The former Secret is accepted for")).ToHaveValueAsync("24");
        await Dialog.GetByLabel("The former Secret is accepted for").SelectOptionAsync("No longer: refuse it at once");

        await PressAsync("Rotate");
        await SavedAsync();

        await Expect(Page.Locator(".notice")).ToContainTextAsync("“Till 7” has a new Secret.");
        await Expect(Row("Till 7").Locator(".state")).ToHaveTextAsync("Active");
        Assert.Equal([$$"""POST credentials/{{key.Id}}:rotate "1" {"overlapSeconds":0}"""], sent.Take());
    }

    protected override async Task SeedAsync()
    {
        _acme = await Site.AddWorkspaceAsync("Acme");
        _application = await Site.AddApplicationAsync(_acme, "Tills");
    }
}
