using Signing.AspNetCore;
using Signing.Browser.Tests.Support;
using Signing.Management;

namespace Signing.Browser.Tests.Rows;

/// <summary>The rows of a provider that gives each integration a Key and a Secret.</summary>
public sealed class IntegrationRowTests(Chromium chromium) : BrowserTest(chromium)
{
    private WorkspaceRecord _workspace = null!;

    [Fact]
    public async Task E2_Only_whom_the_superadmin_policy_admits_sees_Integrations_in_the_sidebar()
    {
        await OpenAsync("");
        await Expect(Link("Integrations")).ToBeVisibleAsync();

        Refusals.Add(403);
        await SignInAsync("eve", "viewer", "manager", "revealer", "administrator");
        await OpenAsync("");

        await Expect(Link("API Keys")).ToBeVisibleAsync();
        await Expect(Link("Integrations")).ToHaveCountAsync(0);
        await OpenAsync("applications");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "You may not see integrations", Level = 2 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task E4_New_Integration_stands_at_the_top_right()
    {
        await OpenAsync("applications");

        LocatorBoundingBoxResult box = (await Page.Locator("#new-integration").BoundingBoxAsync())!;

        Assert.InRange(box.X + box.Width, 1350, 1440);
        Assert.InRange(box.Y, 0, 80);
        await Page.Locator("#new-integration").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Heading, new() { Name = "New Integration" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task E5_The_form_asks_for_name_and_bundle_id_and_takes_a_description()
    {
        await OpenAsync("applications");
        await Page.Locator("#new-integration").ClickAsync();

        await PressAsync("Create");

        await Expect(Dialog.GetByLabel("Application Name")).ToHaveAccessibleDescriptionAsync("This is needed.");
        await Expect(Dialog.GetByLabel("Bundle or Package ID")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Dialog.GetByLabel("Description")).ToBeEditableAsync();
        await Expect(Dialog.GetByLabel("Application Name")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task E7_A_bundle_id_that_is_taken_is_refused_in_words_beside_the_field()
    {
        Refusals.Add(409);
        await CreateAsync("Shop", "com.example.shop");
        await SavedAsync();
        await OpenAsync("applications");

        await CreateAsync("Another shop", "com.example.shop");

        await Expect(Dialog.GetByLabel("Bundle or Package ID")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Dialog.GetByText("Another application of this workspace has this bundle or package id.")).ToBeVisibleAsync();
        await Dialog.GetByLabel("Bundle or Package ID").FillAsync("com.example.another");
        await PressAsync("Create");
        Assert.NotEmpty(await ShownAsync("Secret"));
    }

    [Fact]
    public async Task E8_Create_makes_the_application_and_its_first_pair_in_one_step()
    {
        await CreateAsync("Shop", "com.example.shop");

        string key = await ShownAsync("Key");
        string secret = await ShownAsync("Secret");

        Assert.Equal(System.Net.HttpStatusCode.OK, await Site.CallAsync("/open", key, secret));
        AuditEvent[] made = [.. (await AuditAsync()).Where(entry => entry.Actor == "dana")];
        Assert.Equal(["application.created", "credential.created"], made.Select(entry => entry.Action).Order());
        await SavedAsync();
    }

    [Fact]
    public async Task E9_The_list_shows_what_was_entered_with_the_Key_and_a_Secret_that_may_be_revealed()
    {
        await CreateAsync("Shop", "com.example.shop", "Sells tea.");
        string key = await ShownAsync("Key");
        string secret = await ShownAsync("Secret");
        await SavedAsync();
        await OpenAsync("applications");
        ILocator card = Page.GetByRole(AriaRole.Listitem).Filter(new() { Has = Link("Shop") });

        await Expect(card.GetByText("com.example.shop")).ToBeVisibleAsync();
        await Expect(card.GetByText("Sells tea.")).ToBeVisibleAsync();
        await Expect(card.GetByText(key, new() { Exact = true })).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
        await PressAsync("Reveal");

        await Expect(Dialog.Locator("output[aria-label='Secret']")).ToHaveTextAsync(secret);
        Assert.Contains(await AuditAsync(), entry => entry is { Actor: "dana", Action: "credential.revealed" });
        await SavedAsync();
    }

    [Fact]
    public async Task E14_A_click_copies_and_says_so()
    {
        await CreateAsync("Shop", "com.example.shop");
        string key = await ShownAsync("Key");
        string secret = await ShownAsync("Secret");

        await PressAsync("Copy Key");
        Assert.Equal(key, await ClipboardAsync());
        await PressAsync("Copy Secret");
        Assert.Equal(secret, await ClipboardAsync());

        await Expect(Dialog.Locator("[aria-live]")).ToHaveTextAsync("Copied");
        await Expect(Dialog.GetByRole(AriaRole.Button, new() { Name = "Copied Secret" })).ToBeVisibleAsync();
        await SavedAsync();
    }

    protected override void Configure(ManagementOptions options) => options.Policies.Integrations = "superadmin";

    protected override async Task SeedAsync() => _workspace = await Site.AddWorkspaceAsync("Acme", SecretDisclosure.Retrievable, bundleIdRequired: true);

    private async Task CreateAsync(string name, string bundleId, string? description = null)
    {
        await OpenAsync($"applications?workspace={_workspace.Id}");
        await Page.Locator("#new-integration").ClickAsync();
        await Dialog.GetByLabel("Application Name").FillAsync(name);
        await Dialog.GetByLabel("Bundle or Package ID").FillAsync(bundleId);
        await Dialog.GetByLabel("Description").FillAsync(description ?? "");
        await PressAsync("Create");
    }
}
