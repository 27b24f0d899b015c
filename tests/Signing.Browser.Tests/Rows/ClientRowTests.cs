using System.Net;
using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests.Rows;

/// <summary>The rows of a provider with client ids, long-lived tokens and sharing keys.</summary>
public sealed class ClientRowTests(Chromium chromium) : BrowserTest(chromium)
{
    private ApplicationRecord _application = null!;

    [Fact]
    public async Task K3_A_tile_at_home_leads_to_the_credentials()
    {
        await OpenAsync("");

        await Page.GetByRole(AriaRole.Link, new() { Name = "Manage API credentials" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "API Keys" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task K4_A_client_is_created_and_can_sign()
    {
        await GenerateAsync("Nightly");

        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", await ShownAsync("Key"), await ShownAsync("Secret")));

        await SavedAsync();
        await Expect(Row("Nightly")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task K5_The_secret_is_shown_once_and_a_reload_neither_shows_nor_makes_one()
    {
        await GenerateAsync("Nightly");
        string secret = await ShownAsync("Secret");
        Page.Dialog += async (_, question) => await question.AcceptAsync();

        await Page.ReloadAsync();
        await SettledAsync();

        Assert.DoesNotContain(secret, await Page.ContentAsync(), StringComparison.Ordinal);
        await Expect(Row("Nightly")).ToContainTextAsync($"••••{secret[^4..]}");
        CredentialRecord stored = await StoredAsync("Nightly");
        Assert.Equal(1, stored.Version);
        Assert.Single(stored.Secrets);
        Assert.Single(await AuditAsync(), entry => entry.Action == "credential.created");
    }

    [Fact]
    public async Task K11_A_sharing_key_is_created_viewed_and_revoked()
    {
        await OpenAsync("sharing-keys");
        await Page.Locator("#new-sharing-key").ClickAsync();
        await NameField.FillAsync("For the auditors");
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("Never");
        await PressAsync("Create");
        Assert.NotEmpty(await ShownAsync("Sharing key"));
        await SavedAsync();

        await Row("For the auditors").ClickAsync();
        await Expect(Panel).ToContainTextAsync("Whoever uses it first");
        await Page.Keyboard.PressAsync("Escape");
        await ChooseAsync("For the auditors", "Revoke");
        await PressAsync("Revoke");

        await Expect(Row("For the auditors").Locator(".state")).ToHaveTextAsync("Revoked");
        Assert.Equal(["sharing_key.created", "sharing_key.revoked"], (await AuditAsync()).Select(entry => entry.Action).Where(action => action.StartsWith("sharing", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_sharing_key_is_renamed_given_other_scopes_and_renewed()
    {
        await Site.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = _application.WorkspaceId, Name = "Auditors", Scopes = ["read"] }, new Actor("seed"), Cancelled);
        await OpenAsync("sharing-keys");

        await ChooseAsync("Auditors", "Edit");
        await NameField.FillAsync("For the auditors");
        await Dialog.GetByLabel("Scopes").FillAsync("read, count");
        await PressAsync("Save");
        await ChooseAsync("For the auditors", "Renew");
        await Expect(Dialog).ToContainTextAsync("“For the auditors” keeps its text. Its end: Never.");
        await Dialog.GetByLabel("Expiration").SelectOptionAsync("On a date");
        await Dialog.GetByLabel("Last day").FillAsync(Site.Clock.GetUtcNow().AddDays(40).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await PressAsync("Renew");
        await Expect(Dialog).ToHaveCountAsync(0);

        SharingKeyRecord renewed = await SharedAsync();
        Assert.Equal("For the auditors", renewed.Name);
        Assert.Equal(["read", "count"], renewed.Scopes);
        Assert.NotNull(renewed.Expires);
    }

    [Fact]
    public async Task K13_A_long_lived_token_is_made_from_a_credentials_menu_and_dies_with_it()
    {
        SecretResult pair = await Site.AddKeyAsync(_application, "Nightly");
        await OpenAsync("keys");

        await ChooseAsync("Nightly", "Generate long-lived token");
        await Dialog.GetByLabel("Label").FillAsync("Deploy job");
        await PressAsync("Generate");
        await PressAsync("Show");
        string token = await ShownAsync("API token");
        await SavedAsync();

        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", token));
        await Expect(Row("Deploy job")).ToContainTextAsync("Long-lived token");
        await Site.Desk.SuspendAsync(pair.Credential!.Id, null, new Actor("seed"), Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, await Site.CallAsync("/open", token));
    }

    [Fact]
    public async Task K16_Rotate_gives_a_new_Secret_and_the_former_one_is_accepted_for_the_overlap()
    {
        SecretResult pair = await Site.AddKeyAsync(_application, "Nightly");
        await OpenAsync("keys");

        await ChooseAsync("Nightly", "Rotate");
        await Dialog.GetByLabel("The former Secret is accepted for").SelectOptionAsync("1 hour");
        await PressAsync("Rotate");
        string secret = await ShownAsync("Secret");
        await SavedAsync();

        await Expect(Row("Nightly").Locator(".state")).ToHaveTextAsync("Rotating");
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", pair.Credential!.Key!, secret));
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", pair.Credential.Key!, pair.Text!));
        await ChooseAsync("Nightly", "End the former Secret");
        await PressAsync("End");
        await Expect(Row("Nightly").Locator(".state")).ToHaveTextAsync("Active");
        Assert.Equal(HttpStatusCode.Unauthorized, await Site.CallAsync("/open", pair.Credential.Key!, pair.Text!));
    }

    protected override async Task SeedAsync() => _application = await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme"), "Reports");

    private async Task GenerateAsync(string name)
    {
        await OpenAsync($"applications/{_application.Id}");
        await Button("Generate Key").First.ClickAsync();
        await NameField.FillAsync(name);
        await PressAsync("Generate Key");
        await Expect(Dialog.GetByText("Save the Secret now")).ToBeVisibleAsync();
    }

    private async Task<SharingKeyRecord> SharedAsync() => Assert.Single((await Site.Store.ListAsync<SharingKeyRecord>(new RowQuery(), Cancelled)).Rows);
}
