using Signing.AspNetCore;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

public sealed class HostileNameTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Script = "<img src=x onerror=\"window.caught=1\"><script>window.caught=2</script>";
    private const string Attribute = "\" onmouseover=\"window.caught=3\" x='";
    private const string RightToLeft = "\u202Eتاجر\u2066 evil";
    private const string Template = "${window.caught=4} {{7*7}} javascript:window.caught=5";

    private ApplicationRecord _application = null!;
    private CredentialRecord _credential = null!;

    public static TheoryData<string> Addresses => ["", "applications", "applications/APP", "applications/APP?tab=activity", "applications/APP?tab=settings", "keys", "keys?panel=KEY", "sharing-keys", "audit", "health", "workspaces"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_hostile_name_shows_as_text_on_each_page(string address)
    {
        await OpenAsync(address.Replace("APP", _application.Id, StringComparison.Ordinal).Replace("KEY", _credential.Id, StringComparison.Ordinal));

        Assert.Null(await Page.EvaluateAsync<int?>("window.caught ?? null"));
        await Expect(Page.Locator("img, main script, iframe")).ToHaveCountAsync(0);
        string visible = await Page.Locator("body").InnerTextAsync() + string.Concat(await Page.EvaluateAsync<string[]>("[...document.querySelectorAll('input, option')].map(field => field.value + field.textContent)"));
        Assert.Contains("<img src=x onerror=", visible, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_name_shows_as_text_in_each_dialog_and_menu()
    {
        await OpenAsync("keys");

        foreach (string item in (string[])["Renew", "Rotate", "Generate long-lived token", "Edit", "Suspend", "Revoke", "Delete"])
        {
            await ChooseAsync(Script, item);
            await Expect(Dialog).ToBeVisibleAsync();
            if (item != "Edit")
            {
                await Expect(Dialog).ToContainTextAsync(Script);
            }

            await Page.Keyboard.PressAsync("Escape");
            await Expect(Dialog).ToHaveCountAsync(0);
        }

        Assert.Null(await Page.EvaluateAsync<int?>("window.caught ?? null"));
    }

    [Fact]
    public async Task A_right_to_left_name_turns_nothing_round_that_stands_beside_it()
    {
        await OpenAsync("keys");

        ILocator name = Row("evil").GetByRole(AriaRole.Link);

        Assert.Equal("isolate", await name.Locator("bdi").EvaluateAsync<string>("name => getComputedStyle(name).unicodeBidi"));
        await Expect(Row("evil").Locator(".state")).ToHaveTextAsync("Active");
    }

    [Fact]
    public async Task A_name_of_10_KB_is_refused_in_words()
    {
        await ExpectRefusedAsync(new string('x', 10_240));
    }

    [Fact]
    public async Task A_name_with_a_NUL_is_refused_in_words()
    {
        await ExpectRefusedAsync("till\u0000seven");
    }

    protected override async Task SeedAsync()
    {
        WorkspaceRecord workspace = await Site.AddWorkspaceAsync(Script);
        _application = await Site.AddApplicationAsync(workspace, Script);
        _credential = (await Site.AddKeyAsync(_application, Script)).Credential!;
        foreach (string name in (string[])[Attribute, RightToLeft, Template])
        {
            await Site.AddKeyAsync(await Site.AddApplicationAsync(workspace, name), name);
        }

        SharingKeyResult shared = await Site.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = workspace.Id, Name = Script }, new Actor(Script), Cancelled);
        Assert.Equal(ChangeStatus.Changed, shared.Status);
    }

    private async Task ExpectRefusedAsync(string name)
    {
        Refusals.Add(400);
        await OpenAsync("keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.EvaluateAsync("(field, name) => { field.value = name; }", name);

        await PressAsync("Create");

        await Expect(Dialog.GetByText("A name has 1 to 200 characters, no control characters")).ToBeVisibleAsync();
        await Expect(NameField).ToBeFocusedAsync();
        Assert.Equal(4, (await Site.Store.ListAsync<CredentialRecord>(new RowQuery(), Cancelled)).Rows.Count);
    }
}
