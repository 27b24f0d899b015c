using System.Collections.Concurrent;
using Signing.AspNetCore;
using Signing.Management;

namespace Signing.Browser.Tests.Support;

/// <summary>A test in a browser: a site and a person of its own, and an eye on everything that the browser complains about.</summary>
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _complaints = new();

    /// <summary>The answers that the test wants to be refused, which the browser complains about too; 0 is none at all.</summary>
    protected HashSet<int> Refusals { get; } = [];

    protected Site Site { get; private set; } = null!;

    protected IBrowserContext Context { get; private set; } = null!;

    protected IPage Page { get; private set; } = null!;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected virtual string PathBase => "";

    protected virtual BrowserNewContextOptions Screen => new() { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } };

    protected ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    /// <summary>The field of the open dialog for the name.</summary>
    protected ILocator NameField => Dialog.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true });

    protected ILocator Panel => Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });

    public async ValueTask InitializeAsync()
    {
        Site = await Site.StartAsync(Configure, PathBase);
        await SeedAsync();
        Context = await chromium.Browser.NewContextAsync(Screen);
        Context.SetDefaultTimeout(15_000);
        await Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await SignInAsync("dana", Site.Roles);
        Page = await Context.NewPageAsync();
        Page.Console += (_, line) => Complain(line);
        Page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Context.DisposeAsync();
        await Site.DisposeAsync();
        Assert.Empty(_complaints);
    }

    protected virtual void Configure(ManagementOptions options)
    {
    }

    /// <summary>Fills the site before the browser opens.</summary>
    protected virtual Task SeedAsync() => Task.CompletedTask;

    protected Task SignInAsync(string name, params string[] roles) => Context.AddCookiesAsync(
        [new Cookie { Name = Person.Cookie, Value = string.Join('.', [name, .. roles]), Url = $"http://127.0.0.1:{Site.Port}" }]);

    /// <summary>Opens a page by its address, and waits for what it fetches.</summary>
    protected async Task OpenAsync(string path)
    {
        await Page.GotoAsync(new Uri(Site.Page, path).AbsoluteUri);
        await SettledAsync();
    }

    /// <summary>Waits until nothing is being fetched any more.</summary>
    protected async Task SettledAsync()
    {
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Expect(Page.Locator("[aria-busy]")).ToHaveCountAsync(0);
    }

    protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    protected ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    protected ILocator Row(string name) => Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader).Filter(new() { HasText = name }) });

    /// <summary>Chooses from the menu of a row.</summary>
    protected async Task ChooseAsync(string row, string item)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Actions for {row}", Exact = true }).First.ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = item, Exact = true }).ClickAsync();
    }

    /// <summary>Presses a button of the open dialog.</summary>
    protected Task PressAsync(string name) => Dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>What the dialog shows under a label, such as the Secret.</summary>
    protected Task<string> ShownAsync(string label) => Dialog.Locator($"output[aria-label='{label}']").InnerTextAsync();

    /// <summary>Reads what a copy button has put there.</summary>
    protected Task<string> ClipboardAsync() => Page.EvaluateAsync<string>("navigator.clipboard.readText()");

    /// <summary>Closes the dialog with the Secret.</summary>
    protected async Task SavedAsync()
    {
        await PressAsync("OK, I saved it");
        await Expect(Dialog).ToHaveCountAsync(0);

        // What follows a closed dialog comes with the next frame.
        await Page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
        await SettledAsync();
    }

    protected async Task<IReadOnlyList<AuditEvent>> AuditAsync() => (await Site.Store.ListAuditAsync(new RowQuery(), Cancelled)).Rows;

    protected async Task<CredentialRecord> StoredAsync(string name) =>
        (await Site.Store.ListAsync<CredentialRecord>(new RowQuery { Limit = RowQuery.MaxLimit }, Cancelled)).Rows.Single(row => row.Name == name);

    private void Complain(IConsoleMessage line)
    {
        bool isWanted = Refusals.Any(status => line.Text.Contains(status == 0 ? "net::ERR_" : $"the server responded with a status of {status} ", StringComparison.Ordinal));
        if (line.Type is "error" or "warning" && !isWanted)
        {
            _complaints.Enqueue($"{line.Type}: {line.Text}");
        }
    }
}
