using System.Net;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests.Rows;

/// <summary>The rows of a provider with API tokens that are generated, shown once and revoked.</summary>
public sealed class ApiTokenRowTests(Chromium chromium) : BrowserTest(chromium)
{
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task S2_The_section_is_in_the_sidebar_of_each_page()
    {
        foreach (string page in (string[])["", "applications", "audit", "health"])
        {
            await OpenAsync(page);
            await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = "API Keys" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task S3_Generate_API_token_opens_a_form()
    {
        await OpenAsync("keys");

        await Button("Generate API token").ClickAsync();

        await Expect(Dialog.GetByRole(AriaRole.Heading, new() { Name = "Generate an API token" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task S4_The_token_gets_a_label_which_it_needs()
    {
        await OpenAsync("keys");
        await Button("Generate API token").ClickAsync();

        await PressAsync("Generate");

        await Expect(Dialog.GetByLabel("Label")).ToHaveAttributeAsync("aria-invalid", "true");
        await Dialog.GetByLabel("Label").FillAsync("Importer");
        await PressAsync("Generate");
        await Expect(Dialog.GetByText("Save the API token now")).ToBeVisibleAsync();
        await SavedAsync();
    }

    [Fact]
    public async Task S5_Show_shows_the_token_which_works()
    {
        await GenerateAsync("Importer");
        Assert.DoesNotContain("token", await ShownAsync("API token"), StringComparison.Ordinal);

        await PressAsync("Show");

        string token = await ShownAsync("API token");
        Assert.StartsWith("sgn_token_live_", token, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", token));
        await SavedAsync();
    }

    [Fact]
    public async Task S6_OK_closes_and_the_token_is_nowhere_any_more()
    {
        await GenerateAsync("Importer");
        await PressAsync("Show");
        string token = await ShownAsync("API token");

        await SavedAsync();

        Assert.DoesNotContain(token, await Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S7_The_token_is_listed_as_Active()
    {
        await GenerateAsync("Importer");

        await SavedAsync();

        await Expect(Row("Importer").Locator(".state")).ToHaveTextAsync("Active");
    }

    [Fact]
    public async Task S8_Revoke_asks_what_shall_happen_and_refuses_the_next_request()
    {
        SecretResult made = await Site.AddKeyAsync(_application, "Importer", CredentialKind.ApiToken);
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", made.Text!));
        await OpenAsync("keys");

        await ChooseAsync("Importer", "Revoke");
        await Dialog.GetByLabel("Reason").FillAsync("Found in a log");
        await PressAsync("Revoke now");
        await Expect(Dialog).ToHaveCountAsync(0);

        Assert.Equal(HttpStatusCode.Unauthorized, await Site.CallAsync("/open", made.Text!));
        Assert.Equal("Found in a log", (await StoredAsync("Importer")).RevokedFor);
    }

    [Fact]
    public async Task S9_The_row_of_a_revoked_token_stays_as_Revoked()
    {
        await Site.AddKeyAsync(_application, "Importer", CredentialKind.ApiToken);
        await OpenAsync("keys");
        await ChooseAsync("Importer", "Revoke");
        await PressAsync("Revoke now");

        await Expect(Row("Importer").Locator(".state")).ToHaveTextAsync("Revoked");

        await Page.ReloadAsync();
        await SettledAsync();
        await Expect(Row("Importer").Locator(".state")).ToHaveTextAsync("Revoked");
    }

    [Fact]
    public async Task S10_The_columns_Created_and_Last_accessed_say_when_or_Never()
    {
        SecretResult made = await Site.AddKeyAsync(_application, "Importer", CredentialKind.ApiToken);
        await OpenAsync("keys");

        await Expect(Page.GetByRole(AriaRole.Columnheader, new() { Name = "Created" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Columnheader, new() { Name = "Last accessed" })).ToBeVisibleAsync();
        await Expect(Row("Importer").GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("just now");
        await Expect(Row("Importer").GetByRole(AriaRole.Cell).Nth(4)).ToHaveTextAsync("Never");

        await Site.Store.MarkUsedAsync([new SecretUse(made.Credential!.Id, 1, new LastUse(Site.Clock.GetUtcNow(), "203.0.113.7"))], Cancelled);
        Site.Clock.Shift = TimeSpan.FromMinutes(5);
        await OpenAsync("keys");
        await Expect(Row("Importer").GetByRole(AriaRole.Cell).Nth(4)).ToHaveTextAsync("5 minutes ago");
    }

    protected override async Task SeedAsync() => _application = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme"), "Reports");

    private async Task GenerateAsync(string label)
    {
        await OpenAsync("keys");
        await Button("Generate API token").ClickAsync();
        await Dialog.GetByLabel("Label").FillAsync(label);
        await PressAsync("Generate");
        await Expect(Dialog.GetByText("Save the API token now")).ToBeVisibleAsync();
    }
}
