using System.Net;
using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

public sealed class ProxyTests(Chromium chromium) : BrowserTest(chromium)
{
    protected override string PathBase => "/company/tools";

    [Fact]
    public async Task Under_a_path_base_behind_nginx_every_page_and_a_new_key_work()
    {
        await using Nginx nginx = await Nginx.StartAsync(PathBase, Site.Port, Cancelled);
        var root = new Uri($"http://127.0.0.1:{nginx.Port}{PathBase}/signing");
        foreach (string page in (string[])["", "/", "/applications", "/keys", "/sharing-keys", "/audit", "/health", "/workspaces"])
        {
            await Page.GotoAsync(root + page);
            await SettledAsync();
            await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToHaveTextAsync("There is no such page");
        }

        await Link("API Keys").ClickAsync();
        await Expect(Page).ToHaveURLAsync($"{root}/keys");
        await Page.Locator("#new-key").ClickAsync();
        await NameField.FillAsync("Till 7");
        await PressAsync("Create");
        (string key, string secret) = (await ShownAsync("Key"), await ShownAsync("Secret"));
        await SavedAsync();
        await Page.ReloadAsync();
        await SettledAsync();

        await Expect(Row("Till 7")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.OK, await Site.CallAsync("/open", key, secret));
    }

    protected override async Task SeedAsync() => await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme"), "Tills");
}
